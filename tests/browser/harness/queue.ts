import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { storedFields } from './browser-database.js'
import type { BrowserStore } from './browser-database.js'
import type { Files, Visitor } from './end-to-end.js'
import type { Product } from './product.js'
import { listUploads } from './server-uploads.js'
import { readObject } from './stored-object.js'
import type { TestFile } from './test-file.js'

/** Files to be picked together, each with different content. */
export function makeFiles(
  files: Files,
  count: number,
  size: number,
  seed: number,
): Promise<readonly TestFile[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => files.make(`file-${index}.bin`, size + index, seed + index)),
  )
}

/**
 * Waits until `count` uploads are done; rejects after `timeout` milliseconds.
 *
 * @returns the server's list
 */
export async function waitForArrivals(visitor: Visitor, product: Product, count: number, timeout = 120_000) {
  const deadline = Date.now() + timeout
  for (;;) {
    const done = await listUploads(product.url, await visitor.cookie(), 'done')
    if (done.length >= count) return done
    if (Date.now() > deadline)
      throw new Error(`${done.length} of ${count} files have arrived after ${timeout} ms`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/**
 * Waits until every picked file is either done or must be picked again; rejects after two minutes.
 *
 * @returns the server's list of finished uploads
 */
export async function waitForRest(page: Page, visitor: Visitor, product: Product, count: number) {
  const deadline = Date.now() + 120_000
  for (;;) {
    const asked = await countAsked(page)
    const done = await listUploads(product.url, await visitor.cookie(), 'done')
    if (done.length + asked === count) return done
    if (Date.now() > deadline)
      throw new Error(`Of ${count} files ${done.length} have arrived and ${asked} are asked for`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/**
 * How many files the page asks to be picked again. With more than one file, a button for all of them shows the count.
 */
async function countAsked(page: Page): Promise<number> {
  const [all] = await page.getByTestId('unfinished-pick-all').allInnerTexts()
  if (all !== undefined) return Number(/\d+/.exec(all)?.[0])
  return page.locator('[data-testid="unfinished-row"][data-needs="file"]').count()
}

/** Expects every file to have arrived exactly once, byte for byte. */
export async function expectArrived(
  visitor: Visitor,
  product: Product,
  files: readonly TestFile[],
): Promise<void> {
  const done = await waitForArrivals(visitor, product, files.length)
  expect(done).toHaveLength(files.length)
  const cookie = await visitor.cookie()
  const arrived = new Set<string>()
  for (const { url } of done)
    arrived.add((await readObject(new URL(String(url), product.url).href, cookie)).sha256)
  expect(arrived).toEqual(new Set(files.map(({ sha256 }) => sha256)))
}

/** Waits until the browser holds local copies of `count` waiting files. */
export function waitForCopies(page: Page, count: number): Promise<void> {
  return waitForRecords(page, 'pickCopies', count)
}

/** Waits until the browser has stored the record of the pick, which covers all its files. */
export function waitForPick(page: Page): Promise<void> {
  return waitForRecords(page, 'picks', 1)
}

async function waitForRecords(page: Page, store: BrowserStore, count: number): Promise<void> {
  const deadline = Date.now() + 60_000
  for (let kept = 0; kept < count;) {
    kept = (await storedFields(page, store)).length
    if (Date.now() > deadline)
      throw new Error(`The browser keeps ${kept} ${store} after a minute, not ${count}`)
  }
}
