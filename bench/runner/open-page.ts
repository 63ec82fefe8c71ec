import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchOnDisk } from './chromium.js'
import type { PickedFile, Variant } from './run-upload.js'
import type { TestBed } from './test-bed.js'

/** Milliseconds to wait after loading, so that the page's remaining start-up work is not counted as the upload's. */
const settling = 300

/** A contestant's page, ready for a file to be picked. */
export interface OpenPage {
  readonly browser: Browser
  readonly page: Page
  /** Loads the page again, in the same profile. */
  readonly reload: () => Promise<void>
}

/**
 * Opens a contestant's page in a new browser with a new profile, ready for a file to be picked; closes everything
 * after `use`. The profile is on disk, as a user's is: private windows keep in memory what a page stores.
 */
export async function withPage<T>(
  testBed: TestBed,
  variant: Variant,
  files: readonly PickedFile[],
  use: (open: OpenPage) => Promise<T>,
): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), 'carryon-bench-profile-'))
  const { context, browser } = await launchOnDisk(profile)
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    if (variant.connection !== undefined) {
      await page.addInitScript((said) => {
        Object.defineProperty(navigator, 'connection', { value: said })
      }, variant.connection)
    }
    const reload = (): Promise<void> => load(page, testBed, variant, files, profile)
    await reload()
    return await use({ browser, page, reload })
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

async function load(
  page: Page,
  testBed: TestBed,
  { contestant, settings, figures = false }: Variant,
  files: readonly PickedFile[],
  run: string,
): Promise<void> {
  await page.goto(`${testBed.appOrigin}/${contestant}.html`)
  await page.waitForFunction(() => globalThis.benchPage !== undefined)
  const task = {
    storeOrigin: testBed.storeOrigin,
    bucket: testBed.backing.bucket,
    region: testBed.backing.region,
    sizes: files.map(({ size }) => size),
    settings,
    figures,
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
