import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDemoPages, type DemoPages } from './demo-page.js'
import { contextOf, pictureName } from './looks.js'
import { takePicture, violations } from './picture.js'

/**
 * The page in every state, on a fake uploader in a real browser: drawn completely at desktop and phone width, and axe
 * finds nothing wrong. Screenshots are left in tests/output/screens for inspection.
 */

/** `checked`: run axe too, once for each layout and each set of colours. */
const looks = [
  { width: 1280, locale: 'en-GB', colorScheme: 'light', checked: true },
  { width: 390, locale: 'zh-CN', colorScheme: 'light', checked: false },
  { width: 1280, locale: 'zh-CN', colorScheme: 'dark', checked: false },
  { width: 360, locale: 'en-GB', colorScheme: 'dark', checked: true },
] as const

const scenes = [
  'empty',
  'states',
  'failed',
  'done',
  'unfinished',
  'limits',
  'going-on',
  'queue-left',
  'forgetful',
  'stored-before',
  'away',
  'no-records',
  'asking',
  'cancelling',
  'left-out',
]

let demo: DemoPages
const open: DemoPages['open'] = (context, scene) => demo.open(context, scene)

beforeAll(async () => {
  demo = await startDemoPages()
})

afterAll(() => demo.close())

describe.each(looks)('at $width px, $locale, $colorScheme', ({ checked, ...look }) => {
  let context: BrowserContext
  beforeAll(async () => {
    context = await contextOf(demo, look)
  })
  afterAll(() => context.close())

  test.each(scenes)('%s', async (scene) => {
    const page = await open(context, scene === 'left-out' || scene === 'cancelling' ? 'states' : scene)
    if (scene === 'left-out') await leaveOut(page)
    if (scene === 'asking') await askEverything(page)
    if (scene === 'cancelling') await cancelEverything(page)
    await takePicture(page, pictureName(scene, look))
    if (checked) expect(await violations(page)).toEqual([])
    await page.close()
  })
})

describe('files that are brought', () => {
  let page: Page
  let context: BrowserContext
  beforeEach(async () => {
    context = await demo.context()
    page = await open(context, 'two')
  })
  afterEach(() => context.close())

  const names = (within: string) =>
    page
      .locator(`${within} [data-testid="upload-row"]`)
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-name')))
  /** Drops a file on the element matching `selector`. */
  const drop = (selector: string, name: string) =>
    page.evaluate(
      ([on, called]) => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File(['1234'], called))
        const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
        document.querySelector(on)?.dispatchEvent(event)
        return event.defaultPrevented
      },
      [selector, name] as const,
    )

  test('the question about all uploads goes with them, and does not come again with the next', async () => {
    const question = page.locator('#app').getByTestId('cancel-all-confirm')
    for (const name of ['first.bin', 'second.bin']) await drop('#app [data-testid="drop-zone"]', name)
    await page.locator('#app').getByTestId('cancel-all').click()
    await question.waitFor()
    await page.locator('#app').getByTestId('upload-cancel').first().click()
    await expect.poll(() => names('#app')).toEqual(['second.bin'])
    await expect.poll(() => question.count()).toBe(0)
    await drop('#app [data-testid="drop-zone"]', 'third.bin')
    await page.locator('#app').getByTestId('cancel-all').waitFor()
    expect(await question.count()).toBe(0)
  })

  test('a drop is taken once: by the component that it is over, else by the first', async () => {
    expect(await drop('#second h1', 'beside.bin')).toBe(true)
    await drop('#second [data-testid="drop-zone"]', 'second.bin')
    await drop('#app [data-testid="drop-zone"]', 'first.bin')
    await expect.poll(() => names('#app')).toEqual(['beside.bin', 'first.bin'])
    expect(await names('#second')).toEqual(['second.bin'])
  })

  test('a drop that the page handles itself is not taken', async () => {
    await page.evaluate(() => {
      document.querySelector('#second h1')?.addEventListener('drop', (event) => event.preventDefault())
    })
    await drop('#second h1', 'handled.bin')
    await drop('body', 'not handled.bin')
    await expect.poll(() => names('#app')).toEqual(['not handled.bin'])
    expect(await names('#second')).toEqual([])
  })

  test('of three picked by handles, one gone: two are added, the third says why not', async () => {
    const errors: unknown[] = []
    page.on('pageerror', (error) => errors.push(error))
    await page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory()
      const handles: FileSystemFileHandle[] = []
      for (const name of ['a.bin', 'gone.bin', 'c.bin']) {
        handles.push(await folder.getFileHandle(name, { create: true }))
      }
      await folder.removeEntry('gone.bin')
      Reflect.set(window, 'showOpenFilePicker', async () => handles)
    })
    await page.locator('#app').getByRole('button', { name: 'Choose files' }).click()
    await expect.poll(() => names('#app')).toEqual(['a.bin', 'c.bin'])
    const row = page.locator('#app [data-testid="left-out-row"]')
    expect(await row.getAttribute('data-name')).toBe('gone.bin')
    expect(await row.innerText()).toMatch(/moved or deleted/)
    expect(errors).toEqual([])
  })

  test('an empty folder says so, until it is taken off', async () => {
    await leaveOut(page)
    const row = page.locator('[data-testid="left-out-row"][data-why="empty-folder"]')
    expect(await row.innerText()).toMatch(/This folder is empty/)
    await row.getByTestId('left-out-remove').click()
    await expect.poll(() => row.count()).toBe(0)
  })
})

describe('the focus, once its button is gone,', () => {
  let context: BrowserContext
  beforeEach(async () => {
    context = await demo.context()
  })
  afterEach(() => context.close())

  const press = async (button: Locator): Promise<void> => {
    await button.focus()
    await button.press('Enter')
  }
  const focused = (page: Page) =>
    page.evaluate(() => {
      const element = document.activeElement
      return `${element?.nodeName} ${element?.getAttribute('data-name') ?? element?.textContent.trim()}`
    })

  test('goes to the next row, and to the heading from a button for all', async () => {
    const page = await open(context, 'queue-left')
    await press(page.locator('[data-name="IMG_0003.heic"]').getByTestId('unfinished-discard'))
    await expect.poll(() => focused(page)).toBe('LI behind a handle.mov')
    await press(page.getByTestId('continue-all'))
    await expect.poll(() => focused(page)).toBe('H2 Unfinished')
  })

  test('stays on the button that pauses and continues', async () => {
    const page = await open(context, 'asking')
    await press(page.getByTestId('upload-resume'))
    await expect.poll(() => focused(page)).toBe('BUTTON Pause')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toBe('BUTTON Resume')
  })
})

/** Drops an empty folder and a file that cannot be read. */
async function leaveOut(page: Page): Promise<void> {
  await page.evaluate(() => {
    const readEntries = (resolve: (batch: readonly unknown[]) => void): void => resolve([])
    const folder = {
      name: 'Holiday 2026',
      isFile: false,
      isDirectory: true,
      createReader: () => ({ readEntries }),
    }
    const file = (_: unknown, reject: (error: Error) => void): void => reject(new Error('NotFoundError'))
    const gone = { name: 'on a drive that was pulled out.mp4', isFile: true, isDirectory: false, file }
    const items = [folder, gone].map((entry) => ({ webkitGetAsEntry: () => entry }))
    const event = new Event('drop', { bubbles: true, cancelable: true })
    Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], files: [], items } })
    document.querySelector('[data-testid="drop-zone"]')?.dispatchEvent(event)
  })
  await page.getByTestId('left-out-row').last().waitFor()
}

/** Opens every confirmation a row can show. */
async function askEverything(page: Page): Promise<void> {
  await page.getByTestId('upload-cancel').click()
  await page.getByTestId('unfinished-discard').first().click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByTestId('unfinished-resume').last().click()
  await (await chooser).setFiles({ name: 'other.zip', mimeType: '', buffer: Buffer.alloc(1234) })
}

/** Cancels one row, which can be undone, and opens the confirmation for cancelling all. */
async function cancelEverything(page: Page): Promise<void> {
  await page.getByTestId('upload-cancel').last().click()
  await page.getByTestId('undo').waitFor()
  await page.getByTestId('cancel-all').click()
  await page.getByTestId('cancel-all-confirm').waitFor()
}
