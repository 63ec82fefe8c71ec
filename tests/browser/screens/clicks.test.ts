import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeScratchFolder, type ScratchFolder } from '../harness/scratch-folder.js'
import { startDemoPages, type DemoPages } from './demo-page.js'

/** Number of real mouse clicks that common tasks take, as listed in apps/web/README.md. */
let demo: DemoPages
let context: BrowserContext
let folder: ScratchFolder

beforeAll(async () => {
  demo = await startDemoPages()
  folder = await makeScratchFolder('clicks')
  await mkdir(join(folder.path, 'films'))
  await writeFile(join(folder.path, 'films', 'a.mp4'), 'a')
})
afterAll(async () => {
  await demo.close()
  await folder.remove()
})
beforeEach(async () => {
  context = await demo.context()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  // The demo has no stored object behind a file.
  await context.route('**/object*', (route) => route.fulfill({ contentType: 'image/png', body: '' }))
  await context.addInitScript(() => {
    const counts = { clicks: 0, keys: 0 }
    Reflect.set(window, 'counts', counts)
    // A click triggered by a key has `detail` 0.
    addEventListener(
      'click',
      ({ isTrusted, detail }) => (counts.clicks += isTrusted && detail > 0 ? 1 : 0),
      true,
    )
    addEventListener('keydown', ({ isTrusted }) => (counts.keys += isTrusted ? 1 : 0), true)
  })
})
afterEach(() => context.close())

interface Task {
  readonly scene: string
  readonly act: (page: Page) => Promise<unknown>
  readonly reached: (page: Page) => Promise<unknown>
}

const rows = (page: Page, state: string) => page.locator(`[data-testid="upload-row"][data-state="${state}"]`)
const press = (testid: string) => (page: Page) => page.getByTestId(testid).first().click()
const inTurn =
  (...acts: readonly ((page: Page) => Promise<unknown>)[]) =>
  async (page: Page) => {
    for (const act of acts) await act(page)
  }
const beach = '[data-name="beach.png"]'

/** Keyed by the wording in the table. */
const tasks: Readonly<Record<string, Task>> = {
  'upload a folder': {
    scene: 'empty',
    act: async (page) => {
      const chooser = page.waitForEvent('filechooser')
      await press('choose-folder')(page)
      await (await chooser).setFiles(join(folder.path, 'films'))
    },
    reached: (page) => expect.poll(() => page.getByTestId('folder').count()).toBe(1),
  },
  'retry 20 that failed': {
    scene: 'twenty-failed',
    act: press('retry-all'),
    reached: (page) => expect.poll(() => rows(page, 'uploading').count()).toBeGreaterThan(0),
  },
  'resume 10 after a reload': {
    scene: 'ten-handles',
    act: press('continue-all'),
    reached: (page) => expect.poll(() => page.getByTestId('unfinished-row').count()).toBe(0),
  },
  'share with a colleague': {
    scene: 'sharing',
    act: inTurn(press('share-link'), press('share-copy')),
    reached: (page) =>
      expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^https:.+signature=/u),
  },
  'take back a cancel': {
    scene: 'states',
    act: async (page) => {
      const row = page.locator('[data-name="IMG_0003.heic"]')
      await row.getByTestId('upload-cancel').click()
      await row.getByTestId('undo').click()
    },
    reached: (page) => page.locator('[data-name="IMG_0003.heic"]').getByTestId('upload-cancel').waitFor(),
  },
  'cancel one that is mostly uploaded': {
    scene: 'asking',
    act: inTurn(press('upload-cancel'), press('upload-cancel-confirm')),
    reached: (page) => expect.poll(() => page.getByTestId('upload-row').count()).toBe(0),
  },
  'cancel 20': {
    scene: 'twenty-failed',
    act: inTurn(press('cancel-all'), press('cancel-all-confirm')),
    reached: (page) => expect.poll(() => page.getByTestId('upload-row').count()).toBe(0),
  },
  'try again now, for 3 waiting uploads': {
    scene: 'away',
    act: press('outage-retry'),
    reached: (page) => expect.poll(() => page.getByTestId('outage').count()).toBe(1),
  },
  'delete a finished file': {
    scene: 'sharing',
    act: inTurn(
      (page) => page.locator(beach).getByTestId('finished-delete').click(),
      press('finished-delete-confirm'),
    ),
    reached: (page) => expect.poll(() => page.locator(beach).count()).toBe(0),
  },
  'rename a finished file': {
    scene: 'sharing',
    act: async (page) => {
      await page.locator(beach).getByTestId('finished-rename').click()
      await page.keyboard.type('sea')
      await page.keyboard.press('Enter')
    },
    reached: (page) => page.locator('[data-name="sea.png"]').waitFor(),
  },
  'look at a finished picture': {
    scene: 'sharing',
    act: (page) => page.locator(beach).getByTestId('upload-preview').click(),
    reached: (page) => page.getByTestId('preview').waitFor(),
  },
  'see how a file was verified': {
    scene: 'sharing',
    act: (page) => page.locator(beach).getByTestId('verified').click(),
    reached: (page) => page.getByTestId('verified-crc64').waitFor(),
  },
  'keep its receipt': {
    scene: 'sharing',
    act: inTurn((page) => page.locator(beach).getByTestId('verified').click(), press('verified-copy')),
    reached: (page) =>
      expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/"carryonReceipt": 1/u),
  },
  'clear finished files from the list': {
    scene: 'done',
    act: press('clear-finished'),
    reached: (page) => expect.poll(() => page.getByTestId('finished-row').count()).toBe(0),
  },
}

/** Rows of the table: the current number of clicks per task. */
const table = new Map(
  Array.from(
    readFileSync(new URL('../../../apps/web/README.md', import.meta.url), 'utf8').matchAll(
      /^\| (?<task>[^|]+?) \| [^|]+ \| (?<now>\d+)[^|]* \|$/gmu,
    ),
    ({ groups }) => [groups?.['task'] ?? '', Number(groups?.['now'])],
  ),
)

test('the table has these tasks', () => {
  expect([...table.keys()].toSorted()).toEqual(Object.keys(tasks).toSorted())
})

test.each(Object.entries(tasks))('%s', async (name, { scene, act, reached }) => {
  const page = await demo.open(context, scene)
  await act(page)
  await reached(page)
  const counts = await page.evaluate(() => Reflect.get(window, 'counts') as { clicks: number })
  expect(counts.clicks).toBe(table.get(name))
})
