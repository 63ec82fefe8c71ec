import type { FaultRule } from '@carryon/local-cos'
import { expect } from 'vitest'
import { countAcknowledgements, sentAgain } from '../../browser/harness/store-admin.js'
import { readObject } from '../../browser/harness/stored-object.js'
import { MiB } from '../../browser/harness/test-file.js'
import { EnginePage, type ShownRow } from '../page.js'
import type { Stage } from './scenario.js'

/** Size of the files that scenarios upload. Bytes. */
export const fileSize = 64 * MiB

/** Number of parts if all were as small as the first ones. */
const mostParts = fileSize / MiB

/** Maximum number of parts that an upload sends concurrently. */
const lanes = 6

/** Opens the page in the browser's first tab. */
export function openPage({ browser, product }: Stage): Promise<EnginePage> {
  return EnginePage.open(browser.tab, product.url)
}

/** Starts the browser again and opens the page. */
export async function reopen({ browser, product }: Stage): Promise<EnginePage> {
  return EnginePage.open(await browser.relaunch(), product.url)
}

/**
 * Picks a file and waits until `percent` of it is stored. Slows the store down before.
 *
 * @param percent 0 to 100
 * @param partTime seconds in which 8 MiB arrive
 */
export async function uploadUntil(
  { store }: Stage,
  page: EnginePage,
  path: string,
  percent: number,
  partTime = 1,
): Promise<void> {
  await store.harm(...inTurn(partTime))
  await page.pick(path)
  await page.waitForPercent(path, percent)
}

/** Makes the first parts arrive one after another: at equal rates, six would arrive together. */
function inTurn(seconds: number): readonly FaultRule[] {
  return Array.from({ length: mostParts }, (_, index) => ({
    operation: 'UploadPart',
    partNumber: index + 1,
    fault: { kind: 'rate', bytesPerSecond: (8 * MiB) / (Math.min(index + 1, lanes) * seconds) },
  }))
}

/** Records what the store has acknowledged so far; `nothingTwice` then expects that none of it was sent again. */
export async function watchParts({ store }: Stage): Promise<{ nothingTwice(): Promise<void> }> {
  const before = await store.acknowledgements()
  expect(before.size).toBeGreaterThan(0)
  return {
    async nothingTwice() {
      expect(sentAgain(before, countAcknowledgements(await store.journal()))).toEqual([])
    },
  }
}

/** SHA-256 of the object behind a finished row's link, lower-case hex. */
export async function sha256Of({ browser, product }: Stage, row: ShownRow): Promise<string> {
  const object = await readObject(String(row.url), await browser.cookie(product.url))
  return object.sha256
}
