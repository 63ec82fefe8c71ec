import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import type { PickedFile, Variant } from './run-upload.js'
import type { Stand } from './stand.js'

/** Milliseconds. What a page still does after loading is not the upload's. */
const settling = 300

/**
 * Opens a contestant's page in a profile of its own and gets it ready for the pick; closes all of it after `use`.
 *
 * @param use is given the page, and the way to load it anew
 */
export async function withPage<T>(
  browser: Browser,
  stand: Stand,
  variant: Variant,
  files: readonly PickedFile[],
  use: (page: Page, reload: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext()
  const run = randomUUID()
  try {
    const page = await context.newPage()
    const open = (): Promise<void> => load(page, stand, variant, files, run)
    await open()
    return await use(page, open)
  } finally {
    await context.close()
  }
}

/** Loads, or loads again, a contestant's page. */
export async function load(
  page: Page,
  stand: Stand,
  { contestant, settings }: Variant,
  files: readonly PickedFile[],
  run: string,
): Promise<void> {
  await page.goto(`${stand.appOrigin}/${contestant}.html`)
  await page.waitForFunction(() => globalThis.benchPage !== undefined)
  const task = {
    storeOrigin: stand.storeOrigin,
    bucket: stand.backing.bucket,
    region: stand.backing.region,
    sizes: files.map(({ size }) => size),
    settings,
    run,
  }
  await page.evaluate((given) => globalThis.benchPage?.prepare(given), task)
  await page.waitForTimeout(settling)
}

export async function pick(page: Page, files: readonly PickedFile[]): Promise<void> {
  await page.setInputFiles(
    'input',
    files.map(({ path }) => path),
  )
}
