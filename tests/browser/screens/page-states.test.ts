import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemo, type DemoServer } from './demo-server.js'

/**
 * The page in every state, over a fake uploader, in a real browser: drawn whole at desktop and phone width, without
 * anything that axe finds wrong. The pictures are left in tests/output/screens to be looked at.
 */
const pictures = fileURLToPath(new URL('../../output/screens/', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** `checked` by axe: each layout and each set of colours once. */
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
  'going-on',
  'queue-left',
  'forgetful',
  'stored-before',
  'no-register',
  'asking',
]

let browser: Browser
let demo: DemoServer

beforeAll(async () => {
  await mkdir(pictures, { recursive: true })
  demo = await startDemo()
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-quic'],
  })
})

afterAll(async () => {
  await browser.close()
  await demo.close()
})

describe.each(looks)('at $width px, $locale, $colorScheme', ({ width, locale, colorScheme, checked }) => {
  let context: BrowserContext
  beforeAll(async () => {
    context = await browser.newContext({
      viewport: { width, height: 800 },
      locale,
      colorScheme,
      reducedMotion: 'reduce',
      timezoneId: 'Asia/Shanghai',
    })
  })
  afterAll(() => context.close())

  test.each(scenes)('%s', async (scene) => {
    const page = await open(context, scene)
    if (scene === 'asking') await askEverything(page)
    await page.screenshot({
      path: join(pictures, `${scene}-${width}-${locale.slice(0, 2)}-${colorScheme}.png`),
      fullPage: true,
    })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    if (checked) expect(await violations(page)).toEqual([])
    await page.close()
  })
})

test('ten thousand files: the page opens, counts them and stays responsive', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  const page = await open(context, 'many')
  const summary = page.getByTestId('upload-summary')
  expect(await summary.getAttribute('data-files')).toBe('10000')
  expect(await summary.innerText()).toMatch(/1,240 of 10,000 files done/)
  await page.getByTestId('show-more').first().waitFor()
  const rows = page.locator('[data-testid="upload-row"]:not([data-state="done"])')
  await expect.poll(() => rows.count()).toBe(10)
  await page.getByTestId('show-more').first().click()
  await expect.poll(() => rows.count()).toBe(110)
  await context.close()
})

/** @returns the page with the scene drawn; anything it reports as an error fails the test that opened it */
async function open(context: BrowserContext, scene: string): Promise<Page> {
  const page = await context.newPage()
  const errors: unknown[] = []
  page.on('pageerror', (error) => errors.push(error))
  await page.goto(demo.address(scene))
  await page.getByTestId('drop-zone').waitFor()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))))
  expect(errors).toEqual([])
  return page
}

/** Opens every question that a row can ask. */
async function askEverything(page: Page): Promise<void> {
  await page.getByTestId('upload-cancel').click()
  await page.getByTestId('unfinished-discard').first().click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByTestId('unfinished-resume').last().click()
  await (await chooser).setFiles({ name: 'other.zip', mimeType: '', buffer: Buffer.alloc(1234) })
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate<AxeResults>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
  )
  // A run that checked nothing would find nothing wrong.
  expect(results.passes.length).toBeGreaterThan(15)
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`)
}
