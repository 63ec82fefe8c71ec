import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { expect } from 'vitest'
import { startDemo } from './demo-server.js'

/** The page on a fake uploader, in a browser. */
export interface DemoPages {
  readonly browser: Browser
  /** A person's browser: desktop size and English by default. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Opens the page with a scene drawn; an error reported by then fails the test. */
  open(context: BrowserContext, scene: string): Promise<Page>
  close(): Promise<void>
}

export async function startDemoPages(): Promise<DemoPages> {
  const demo = await startDemo()
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-quic'],
  })
  return {
    browser,
    context: (options = {}) =>
      browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options }),
    open: async (context, scene) => {
      const page = await context.newPage()
      const errors: unknown[] = []
      page.on('pageerror', (error) => errors.push(error))
      await page.goto(demo.address(scene))
      await page.getByTestId('drop-zone').first().waitFor()
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))),
      )
      expect(errors).toEqual([])
      return page
    },
    close: async () => {
      await browser.close()
      await demo.close()
    },
  }
}
