import type { BrowserContext, Page } from 'playwright-core'

/** What the page itself noticed; times in milliseconds since the epoch. */
export interface PageObservations {
  /** When a file was last picked. */
  readonly pickedAt: number | null
  /** Tasks of more than 50 ms on the main thread. */
  readonly longTasks: readonly { readonly at: number; readonly duration: number }[]
}

interface ProbedWindow extends Window {
  carryonObservations?: { pickedAt: number | null; longTasks: { at: number; duration: number }[] }
}

/** Has every page of the browser note when a file is picked and which tasks block it. */
export async function installProbe(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const observations: NonNullable<ProbedWindow['carryonObservations']> = { pickedAt: null, longTasks: [] }
    ;(window as ProbedWindow).carryonObservations = observations
    // On the way down, so that it runs before the page's own listener.
    window.addEventListener('change', () => (observations.pickedAt = Date.now()), { capture: true })
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        observations.longTasks.push({ at: performance.timeOrigin + startTime, duration })
      }
    }).observe({ type: 'longtask', buffered: true })
  })
}

export async function readProbe(page: Page): Promise<PageObservations> {
  const observations = await page.evaluate(() => (window as ProbedWindow).carryonObservations)
  if (observations === undefined) throw new Error('The page has no probe')
  return observations
}
