import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { DemoPages } from './demo-page.js'

const pictures = fileURLToPath(new URL('../../output/screens/', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** By whom and on what a page is looked at. */
export interface Look {
  readonly width: number
  readonly locale: string
  readonly colorScheme: 'light' | 'dark'
}

/** A browser in which two pictures of one scene are alike. */
export function contextOf(demo: DemoPages, { width, locale, colorScheme }: Look): Promise<BrowserContext> {
  return demo.context({
    viewport: { width, height: 800 },
    locale,
    colorScheme,
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
  })
}

/** Leaves a picture in tests/output/screens to be looked at, and checks that nothing is wider than the page. */
export async function takePicture(page: Page, name: string, look: Look): Promise<void> {
  const { width, locale, colorScheme } = look
  await page.screenshot({
    path: join(pictures, `${name}-${width}-${locale.slice(0, 2)}-${colorScheme}.png`),
    fullPage: true,
  })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
}

/** What axe finds wrong with the page. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate<AxeResults>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
  )
  // A run that checked nothing would find nothing wrong.
  expect(results.passes.length).toBeGreaterThan(15)
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`)
}
