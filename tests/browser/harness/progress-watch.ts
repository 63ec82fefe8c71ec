import type { Page } from 'playwright-core'

/** What a row showed at one moment. */
export interface ShownProgress {
  readonly state: string
  /** 0 to 100, of the bar. */
  readonly percent: number
  /** The figures, parted by one blank. */
  readonly text: string
  /** All that the row says. */
  readonly words: string
}

interface WatchedWindow extends Window {
  carryonShown?: ShownProgress[]
}

/** Notes whatever the page's only row shows, whenever any of it changes. */
export async function watchProgress(page: Page): Promise<{ seen(): Promise<readonly ShownProgress[]> }> {
  await page.evaluate(() => {
    const shown: ShownProgress[] = []
    ;(window as WatchedWindow).carryonShown = shown
    const look = () => {
      const row = document.querySelector('[data-testid="upload-row"]')
      const bar = row?.querySelector('[data-testid="upload-progress"]')
      const figures = row?.querySelector('[data-testid="upload-text"]')
      if (!row || !bar || !figures) return
      shown.push({
        state: row.getAttribute('data-state') ?? '',
        percent: Number(bar.getAttribute('aria-valuenow')),
        text: Array.from(figures.children, ({ textContent }) => textContent.trim()).join(' '),
        words: row.textContent,
      })
    }
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    })
  })
  return { seen: () => page.evaluate(() => (window as WatchedWindow).carryonShown ?? []) }
}
