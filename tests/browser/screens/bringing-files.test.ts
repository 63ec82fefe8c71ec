import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeScratchFolder, type ScratchFolder } from '../harness/scratch-folder.js'
import { startDemoPages, type DemoPages } from './demo-page.js'

/** Folders, pasted files and dragged files, added as a person would. */
let demo: DemoPages
let folder: ScratchFolder
let context: BrowserContext
let page: Page

beforeAll(async () => {
  demo = await startDemoPages()
  folder = await makeScratchFolder('bringing')
  await mkdir(join(folder.path, 'films/day 2'), { recursive: true })
  for (const name of ['clip 10.mp4', 'clip 9.mp4', 'day 2/end.mp4']) {
    await writeFile(join(folder.path, 'films', name), name)
  }
})
afterAll(async () => {
  await demo.close()
  await folder.remove()
})
beforeEach(async () => {
  context = await demo.context()
  page = await demo.open(context, 'empty')
})
afterEach(() => context.close())

const listed = () =>
  page.getByTestId('upload-row').evaluateAll((rows) => rows.map(({ dataset }) => dataset['name']))

/** Expects the folder's name inside the first of its rows. */
async function expectFolder(): Promise<void> {
  const rows = () =>
    page.getByTestId('upload-row').evaluateAll((elements) =>
      elements.map((element) => {
        const path = element.querySelector<HTMLElement>('[data-testid="folder"]')?.dataset['path']
        const name = element.dataset['name']
        return path === undefined ? name : `${path}: ${name}`
      }),
    )
  await expect.poll(rows).toEqual(['films: clip 9.mp4', 'clip 10.mp4', 'films/day 2: end.mp4'])
}

test('a folder that is picked: every file with its path, by folder and in natural order', async () => {
  await page.getByTestId('folder-input').setInputFiles(join(folder.path, 'films'))
  await expectFolder()
})

test('a folder is picked by keyboard alone: Tab, Enter', async () => {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles(join(folder.path, 'films'))
  await expectFolder()
})

test('where a browser cannot pick folders there is no button that does nothing', async () => {
  const phone = await demo.context({ viewport: { width: 390, height: 800 }, hasTouch: true })
  await phone.addInitScript(() => {
    Reflect.deleteProperty(HTMLInputElement.prototype, 'webkitdirectory')
    Reflect.deleteProperty(window, 'showDirectoryPicker')
  })
  const there = await demo.open(phone, 'empty')
  await expect.poll(() => there.getByTestId('choose-folder').count()).toBe(0)
  expect(await there.getByRole('button', { name: 'Choose files' }).isVisible()).toBe(true)
  await phone.close()
})

test('files that are pasted are added, and pasted text is left to the page', async () => {
  const paste = (files: readonly string[]) =>
    page.evaluate((names) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'words')
      for (const name of names) clipboardData.items.add(new File(['1234'], name))
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.body.dispatchEvent(event)
      return event.defaultPrevented
    }, files)
  expect(await paste([])).toBe(false)
  expect(await paste(['image.png'])).toBe(true)
  await expect.poll(listed).toEqual(['image.png'])
})

test('while files are dragged the whole window says that they may be dropped, and no longer once they left', async () => {
  const drag = (type: string) =>
    page.evaluate((name) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['1234'], 'a.bin'))
      document.body.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }))
    }, type)
  const veil = page.getByTestId('drop-veil')
  await drag('dragenter')
  await veil.waitFor()
  expect(await veil.innerText()).toBe('Drop to upload')
  const box = await veil.boundingBox()
  expect([box?.width, box?.height]).toEqual([1280, 800])
  await drag('dragleave')
  await expect.poll(() => veil.count()).toBe(0)
})
