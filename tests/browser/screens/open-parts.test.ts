import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemoPages, type DemoPages } from './demo-page.js'
import { contextOf, looks, pictureName } from './looks.js'
import { takePicture, violations } from './picture.js'

/** Parts that appear on a click or drag: screenshots of each, and axe finds nothing wrong in either theme. */

interface Part {
  readonly scene: string
  readonly open?: (page: Page) => Promise<unknown>
}

/** Drags files over the page without dropping them. */
function drag(page: Page): Promise<void> {
  return page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['1234'], 'a.bin'))
    document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer, bubbles: true, cancelable: true }))
  })
}

const parts: Readonly<Record<string, Part>> = {
  'drop-veil': { scene: 'states', open: drag },
  details: {
    scene: 'states',
    open: async (page) => {
      await page.locator('summary').first().click()
      await page.getByTestId('upload-details').waitFor()
    },
  },
  outage: { scene: 'away' },
  'resume-all': { scene: 'queue-left' },
  rename: {
    scene: 'done',
    open: async (page) => {
      await page.getByTestId('finished-rename').nth(2).click()
      await page.getByTestId('finished-rename-name').waitFor()
    },
  },
  'rename-failed': {
    scene: 'gone',
    open: async (page) => {
      await page.getByTestId('finished-rename').first().click()
      await page.keyboard.type('beach')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      // The typed text is not lost.
      expect(await page.getByTestId('finished-rename-name').inputValue()).toBe('beach.mp4')
    },
  },
  'delete-question': {
    scene: 'sharing',
    open: (page) => page.getByTestId('finished-delete').first().click(),
  },
  share: {
    scene: 'sharing',
    open: async (page) => {
      await page.getByTestId('share-link').nth(1).click()
      await page.getByTestId('share-who').waitFor()
    },
  },
  'share-failed': {
    scene: 'gone',
    open: async (page) => {
      await page.getByTestId('share-link').first().click()
      await page.getByRole('alert').waitFor()
    },
  },
  receipt: {
    scene: 'sharing',
    open: async (page) => {
      await page.getByTestId('verified').nth(1).click()
      await page.getByTestId('verified-size').waitFor()
    },
  },
  'receipt-failed': {
    scene: 'gone',
    open: async (page) => {
      await page.getByTestId('verified').first().click()
      await page.getByTestId('verified-retry').waitFor()
    },
  },
  'preview-failed': {
    scene: 'sharing',
    open: async (page) => {
      await page.route('**/object?inline=1', (route) => route.abort())
      await page.getByTestId('upload-preview').nth(1).click()
      await page.getByTestId('preview-failed').waitFor()
    },
  },
  'nothing-found': {
    scene: 'done',
    open: async (page) => {
      await page.getByTestId('finished-search').fill('none such')
      await page.locator('.carryon-found').waitFor()
      await expect.poll(() => page.locator('.carryon-found').innerText()).toContain('none such')
    },
  },
  'notify-denied': {
    scene: 'states',
    // A headless browser denies permissions that were not granted.
    open: async (page) => {
      await page.context().clearPermissions()
      await page.getByTestId('notify').locator('..').click()
      await page.locator('.carryon-notify__denied').waitFor()
    },
  },
  folders: { scene: 'folders' },
  names: { scene: 'names' },
  'left-out-by-limits': {
    scene: 'limits',
    open: async (page) => {
      await page.getByTestId('file-input').setInputFiles([
        { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('1') },
        { name: 'beach.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('1') },
      ])
      await page.getByTestId('left-out-row').waitFor()
      // Visible on a phone as well, which has little space once files are listed.
      expect(await page.getByTestId('limits').isVisible()).toBe(true)
    },
  },
  // The page remembers this, so it comes last.
  cleared: {
    scene: 'done',
    open: async (page) => {
      await page.getByTestId('clear-finished').click()
      await page.getByTestId('show-cleared').waitFor()
    },
  },
}

let demo: DemoPages
beforeAll(async () => {
  demo = await startDemoPages()
})
afterAll(() => demo.close())

describe.each(looks)('at $width px, $locale, $colorScheme', (look) => {
  let context: BrowserContext
  beforeAll(async () => {
    context = await contextOf(demo, look)
  })
  afterAll(() => context.close())

  test.each(Object.entries(parts))('%s', async (name, { scene, open }) => {
    const page = await demo.open(context, scene)
    await open?.(page)
    await takePicture(page, pictureName(name, look))
    expect(await violations(page)).toEqual([])
    await page.close()
  })
})
