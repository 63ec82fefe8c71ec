import type { BrowserContext } from 'playwright-core'
import type { DemoPages } from './demo-page.js'

/** Viewport width, locale and theme a page is viewed with. */
export interface Look {
  readonly width: number
  readonly locale: string
  readonly colorScheme: 'light' | 'dark'
}

/** Combinations covering both widths, both languages and both themes. */
export const looks: readonly Look[] = [
  { width: 1280, locale: 'en-GB', colorScheme: 'light' },
  { width: 390, locale: 'zh-CN', colorScheme: 'light' },
  { width: 1280, locale: 'zh-CN', colorScheme: 'dark' },
  { width: 390, locale: 'en-GB', colorScheme: 'dark' },
]

/** A browser whose screenshots of a scene are reproducible; the narrow one has a touch screen. */
export function contextOf(demo: DemoPages, { width, locale, colorScheme }: Look): Promise<BrowserContext> {
  return demo.context({
    viewport: { width, height: 800 },
    hasTouch: width < 500,
    isMobile: width < 500,
    locale,
    colorScheme,
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
  })
}

/** File name of a scene's screenshot. */
export function pictureName(scene: string, { width, locale, colorScheme }: Look): string {
  return `${scene}-${width}-${locale.slice(0, 2)}-${colorScheme}`
}
