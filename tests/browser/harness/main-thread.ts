import type { Page } from 'playwright-core'
import { type TraceEvent, traceTasks } from './trace.js'

/** One task of the page's main thread. Times in milliseconds. */
export interface MainThreadTask {
  /** Elapsed wall-clock time, as seen by `PerformanceObserver('longtask')`. */
  readonly duration: number
  /** CPU time: not inflated when other programs compete for the processor. */
  readonly processorTime: number
}

/** Records every task of the page's main thread during `action`, using Chromium's tracing. */
export async function recordMainThread(
  page: Page,
  action: () => Promise<void>,
): Promise<readonly MainThreadTask[]> {
  return tasksOfPage(await traceTasks(page, ['__metadata'], action))
}

function tasksOfPage(events: readonly TraceEvent[]): readonly MainThreadTask[] {
  const frames = events.flatMap(({ args }) => args.data?.frames ?? [])
  const pid = frames.find(({ isOutermostMainFrame }) => isOutermostMainFrame === true)?.processId
  const main = events.find((event) => event.pid === pid && event.args.name === 'CrRendererMain')
  if (main === undefined) throw new Error('The trace does not name the main thread of the page')
  return events.flatMap(({ name, pid, tid, dur, tdur }) =>
    name === 'RunTask' && pid === main.pid && tid === main.tid && dur !== undefined && tdur !== undefined
      ? [{ duration: dur / 1000, processorTime: tdur / 1000 }]
      : [],
  )
}
