import type { Page } from 'playwright-core'
import { type TraceEvent, traceTasks } from './trace.js'

/** One task of the page's main thread. Milliseconds. */
export interface MainThreadTask {
  /** By the clock on the wall, which is what `PerformanceObserver('longtask')` sees. */
  readonly duration: number
  /** What it took of the processor: not longer when other programs want it too. */
  readonly processorTime: number
}

/** Records every task of the page's main thread while `action` runs, by Chromium's own tracing. */
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
