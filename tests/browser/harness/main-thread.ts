import type { Page } from 'playwright-core'

/** One task of the page's main thread. Milliseconds. */
export interface MainThreadTask {
  /** By the clock on the wall, which is what `PerformanceObserver('longtask')` sees. */
  readonly duration: number
  /** What it took of the processor: not longer when other programs want it too. */
  readonly processorTime: number
}

/** The members that are read of Chromium's trace events; times in microseconds. */
interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly tdur?: number
  readonly args: { readonly name?: string; readonly data?: { readonly frames?: readonly TracedFrame[] } }
}

interface TracedFrame {
  readonly isOutermostMainFrame?: boolean
  readonly processId: number
}

const timeline = 'disabled-by-default-devtools.timeline'

/** Records every task of the page's main thread while `action` runs, by Chromium's own tracing. */
export async function recordMainThread(
  page: Page,
  action: () => Promise<void>,
): Promise<readonly MainThreadTask[]> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: [timeline, '__metadata'], excludedCategories: ['*'] },
  })
  await action()
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  return tasksOfPage(events)
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
