import { readFileSync } from 'node:fs'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startDemoPages, type DemoPages } from './demo-page.js'

/** Accessibility that axe cannot check: focus order, focus ring, touch targets, right-to-left names, forced colours. */
let demo: DemoPages
let context: BrowserContext

beforeAll(async () => {
  demo = await startDemoPages()
})
afterAll(() => demo.close())
afterEach(() => context.close())

/** Waits until the effect of a key press is drawn and its transitions are over. */
const settle = (page: Page) =>
  page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  })
const button = (testid: string) => (page: Page) => page.getByTestId(testid).first()

describe('the focus is somewhere on the page after', () => {
  type Act = readonly [string, string, (page: Page) => Locator | Promise<Locator>, ...string[]]
  const acts: readonly Act[] = [
    ['pause', 'states', button('upload-pause'), 'Enter'],
    ['resume', 'states', button('upload-resume'), 'Enter'],
    [
      'a cancel',
      'states',
      (page) => page.locator('[data-name="IMG_0003.heic"]').getByTestId('upload-cancel'),
      'Enter',
    ],
    ['a cancel that is asked about, and Escape', 'states', button('upload-cancel'), 'Enter', 'Escape'],
    ['a cancel that is asked about, and yes', 'states', button('upload-cancel'), 'Enter', 'Tab', 'Enter'],
    ['cancel all, and Escape', 'states', button('cancel-all'), 'Enter', 'Escape'],
    ['cancel all, and yes', 'states', button('cancel-all'), 'Enter', 'Tab', 'Enter'],
    ['retry', 'failed', button('upload-resume'), 'Enter'],
    ['retry all', 'failed', button('retry-all'), 'Enter'],
    ['discard, and yes', 'unfinished', button('unfinished-discard'), 'Enter', 'Tab', 'Enter'],
    ['resume all', 'queue-left', button('continue-all'), 'Enter'],
    ['clear', 'done', button('clear-finished'), 'Enter'],
    ['rename, and Escape', 'done', button('finished-rename'), 'Enter', 'Escape'],
    ['delete, and yes', 'done', button('finished-delete'), 'Enter', 'Tab', 'Enter'],
    ['an answer', 'stored-before', button('duplicate-reuse'), 'Enter'],
    ['an answer for all', 'stored-before', button('duplicates-copy'), 'Enter'],
    ['try now', 'away', button('outage-retry'), 'Enter'],
    [
      'a cancel that is taken back',
      'states',
      (page) => page.locator('[data-name="IMG_0003.heic"]').getByTestId('upload-cancel'),
      'Enter',
      'Enter',
    ],
    ['details, opened and closed', 'states', (page) => page.locator('summary').first(), 'Enter', 'Enter'],
    ['pause all', 'states', (page) => page.getByRole('button', { name: 'Pause all' }), 'Enter'],
    ['discard, and Escape', 'unfinished', button('unfinished-discard'), 'Enter', 'Escape'],
    ['rename, and a new name', 'done', button('finished-rename'), 'Enter', 'x', 'Enter'],
    ['a rename that fails', 'gone', button('finished-rename'), 'Enter', 'x', 'Enter'],
    ['delete, and Escape', 'done', button('finished-delete'), 'Enter', 'Escape'],
    ['delete that fails', 'gone', button('finished-delete'), 'Enter', 'Tab', 'Enter'],
    ['share, and Escape', 'sharing', button('share-link'), 'Enter', 'Escape'],
    ['share, copy and close', 'sharing', button('share-link'), 'Enter', 'Enter', 'Tab', 'Enter'],
    ['a link that cannot be made', 'gone', button('share-link'), 'Enter', 'Enter'],
    ['a receipt, and Escape', 'sharing', button('verified'), 'Enter', 'Escape'],
    ['a receipt, and its badge again', 'sharing', button('verified'), 'Enter', 'Tab', 'Tab', 'Enter'],
    ['a receipt that is tried again', 'gone', button('verified'), 'Enter', 'Tab', 'Enter'],
    [
      'a preview, and Escape',
      'sharing',
      (page) => page.getByTestId('upload-preview').nth(1),
      'Enter',
      'Escape',
    ],
    ['clear, and shown again', 'done', button('clear-finished'), 'Enter', 'Tab', 'Enter'],
    [
      'something that was not added is taken off',
      'limits',
      async (page) => {
        const buffer = Buffer.from('1')
        await page.getByTestId('file-input').setInputFiles([{ name: 'a.exe', mimeType: '', buffer }])
        return page.getByTestId('left-out-remove')
      },
      'Enter',
    ],
  ]
  test.for(acts)('%s', async ([, scene, find, ...keys]) => {
    context = await demo.context()
    const page = await demo.open(context, scene)
    const first = await find(page)
    await first.focus()
    for (const key of keys) {
      await page.keyboard.press(key)
      await settle(page)
      expect(await page.evaluate(() => document.activeElement?.nodeName)).not.toBe('BODY')
    }
  })
})

/** The focus ring of the focused element (a switch draws it beside its input); `null` if nothing has the focus. */
const ringOf = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement
    if (!(focused instanceof HTMLElement) || focused === document.body) return null
    const isSwitch = focused.matches('.el-switch__input')
    const drawn = isSwitch ? (focused.parentElement?.querySelector('.el-switch__core') ?? focused) : focused
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(drawn)
    let around: Element | null = drawn.parentElement
    const isClear = (element: Element) => /, 0\)$/.test(getComputedStyle(element).backgroundColor)
    while (around !== null && isClear(around)) around = around.parentElement
    const ground = getComputedStyle(around ?? document.body).backgroundColor
    const luminance = (colour: string) => {
      const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const [a = 0, b = 0] = [luminance(outlineColor), luminance(ground)].toSorted((one, two) => two - one)
    const isSeen = outlineStyle === 'solid' && Number.parseFloat(outlineWidth) >= 2
    return {
      name: focused.textContent.trim() || focused.className,
      isSeen,
      stands: (a + 0.05) / (b + 0.05) >= 3,
    }
  })

test.each(['light', 'dark'] as const)(
  '%s: the ring of the focus stands out 3:1 from what is around it',
  async (colorScheme) => {
    context = await demo.context({ colorScheme, reducedMotion: 'reduce' })
    const page = await demo.open(context, 'done')
    const seen = new Set<string>()
    for (let stop = 0; stop < 14; stop += 1) {
      await page.keyboard.press('Tab')
      const ring = await ringOf(page)
      if (ring === null) continue
      seen.add(ring.name)
      // Element Plus fades in some of the rings.
      await expect.poll(() => ringOf(page)).toMatchObject({ isSeen: true, stands: true })
    }
    expect(seen.size).toBeGreaterThan(5)
  },
)

test.each(['states', 'done', 'unfinished', 'stored-before', 'away', 'sharing'])(
  '%s: what a finger touches is 44 pixels wide and high',
  async (scene) => {
    context = await demo.context({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true })
    const page = await demo.open(context, scene)
    expect(await page.evaluate(() => matchMedia('(pointer: coarse)').matches)).toBe(true)
    // A preview is outside the component.
    if (scene === 'sharing') await page.getByTestId('upload-preview').nth(1).click()
    const small = await page
      .locator('button:visible, a:visible, summary:visible, input[type="search"]:visible')
      .evaluateAll((targets) =>
        targets
          .map((target) => ({ box: target.getBoundingClientRect(), said: target.textContent.trim() }))
          .filter(({ box }) => box.width < 44 || box.height < 44)
          .map(({ box, said }) => `${said}: ${box.width} × ${box.height}`),
      )
    expect(small).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  },
)

test('a name from right to left stands at the side where its row begins', async () => {
  context = await demo.context()
  const page = await demo.open(context, 'empty')
  await page
    .getByTestId('file-input')
    .setInputFiles({ name: 'חופשה בהרים.mp4', mimeType: 'video/mp4', buffer: Buffer.from('1') })
  const row = page.getByTestId('upload-row')
  await row.waitFor()
  const icon = await row.locator('.carryon-name__icon').boundingBox()
  const name = await row.locator('bdi').first().boundingBox()
  if (icon === null || name === null) throw new Error('Nothing is drawn.')
  expect(name.x - (icon.x + icon.width)).toBeLessThan(16)
  expect(name.width).toBeLessThan(300)
})

test('forced colours: how far it is, and that it is under way, are still drawn', async () => {
  context = await demo.context({ forcedColors: 'active' })
  const page = await demo.open(context, 'states')
  const colours = await page
    .getByTestId('upload-row')
    .first()
    .evaluate((row) => {
      const of = (selector: string, pseudo?: string) => {
        const element = row.querySelector(selector)
        return element === null ? '' : getComputedStyle(element, pseudo).backgroundColor
      }
      return {
        bar: of('.carryon-bar__loaded'),
        ground: getComputedStyle(row.querySelector('.carryon-bar') ?? row).backgroundColor,
        dot: of('.carryon-state__word', '::before'),
      }
    })
  expect(colours.bar).not.toBe(colours.ground)
  expect(colours.dot).not.toBe(colours.ground)
})

test('without JavaScript the page says in both languages what it needs', async () => {
  context = await demo.context({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.setContent(readFileSync(new URL('../../../apps/web/index.html', import.meta.url), 'utf8'))
  const said = await page.locator('body').innerText()
  expect(said).toContain('Uploading needs JavaScript.')
  expect(said).toContain('上传需要 JavaScript。')
})
