import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { storedFields } from './browser-database.js'
import type { BrowserStore } from './browser-database.js'
import type { Files, Visitor } from './end-to-end.js'
import type { Product } from './product.js'
import { listUploads } from './register.js'
import { readObject } from './stored-object.js'
import type { TestFile } from './test-file.js'

/** Files that are picked together; each of its own content. */
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

/** Waits until so many files have arrived; rejects after a while. @returns the server's list */
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
 * Waits until every file of the pick has arrived or is asked for again; rejects after two minutes.
 *
 * @returns the server's list of those that have arrived
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

/** How many files the page asks for: the button for all says it, which is there for more than one. */
async function countAsked(page: Page): Promise<number> {
  const [all] = await page.getByTestId('unfinished-pick-all').allInnerTexts()
  if (all !== undefined) return Number(/\d+/.exec(all)?.[0])
  return page.locator('[data-testid="unfinished-row"][data-needs="file"]').count()
}

/** Every file has arrived, once, byte for byte. */
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

/** Waits until the browser keeps copies of so many files that wait. */
export function waitForCopies(page: Page, count: number): Promise<void> {
  return waitForRecords(page, 'pickCopies', count)
}

/** Waits until the browser has written down what was picked: all files of a pick at once. */
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
