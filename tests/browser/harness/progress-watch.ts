import type { Page } from 'playwright-core'

/** What a row showed at one moment. */
export interface ShownProgress {
  readonly state: string
  /** Value of the progress bar, 0 to 100. */
  readonly percent: number
  /** The figures, separated by single spaces. */
  readonly text: string
  /** All text of the row. */
  readonly words: string
}

interface WatchedWindow extends Window {
  carryonShown?: ShownProgress[]
}

/** Records what the page's only row shows, each time any of it changes. */
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
