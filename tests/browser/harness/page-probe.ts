import type { BrowserContext, Page } from 'playwright-core'

/** What the page observed; times in milliseconds since the epoch. */
export interface PageObservations {
  /** When a file was last picked. */
  readonly pickedAt: number | null
  /** Main-thread tasks longer than 50 ms. */
  readonly longTasks: readonly { readonly at: number; readonly duration: number }[]
}

interface ProbedWindow extends Window {
  carryonObservations?: { pickedAt: number | null; longTasks: { at: number; duration: number }[] }
}

/** Makes every page of the browser record when a file is picked and which long tasks block the main thread. */
export async function installProbe(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const observations: NonNullable<ProbedWindow['carryonObservations']> = { pickedAt: null, longTasks: [] }
    ;(window as ProbedWindow).carryonObservations = observations
    // Use the capture phase, to run before the page's own listener.
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
