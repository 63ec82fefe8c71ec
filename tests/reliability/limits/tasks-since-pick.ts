import type { Page } from 'playwright-core'

/** One task of the page's main thread. Milliseconds. */
export interface PageTask {
  /** Since the files were picked; 0 for what is left of the task in which the page was told. */
  readonly at: number
  /** By the clock on the wall. */
  readonly duration: number
  /** What it took of the processor: not longer when other programs want it too. */
  readonly processorTime: number
}

/** The members that are read of Chromium's trace events; times in microseconds, `t…` of the thread's own clock. */
interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly tts?: number
  readonly dur?: number
  readonly tdur?: number
}

const timeline = 'disabled-by-default-devtools.timeline'
const mark = 'carryon-pick'

/**
 * Records the tasks of the page's main thread from the moment in which the page learns what was picked. What the
 * browser does before that, about a third of a millisecond for each file, is not the page's.
 */
export async function recordTasksSincePick(
  page: Page,
  action: () => Promise<void>,
): Promise<readonly PageTask[]> {
  await page.evaluate((name) => {
    // On the way down, so that it runs before the page's own listener.
    window.addEventListener('change', () => performance.mark(name), { capture: true, once: true })
  }, mark)
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: [timeline, 'blink.user_timing'], excludedCategories: ['*'] },
  })
  await action()
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  return tasksSinceMark(events)
}

function tasksSinceMark(events: readonly TraceEvent[]): readonly PageTask[] {
  const picked = events.find(({ name }) => name === mark)
  if (picked === undefined) throw new Error('The trace does not say when files were picked')
  return events.flatMap(({ name, pid, tid, ts, tts = 0, dur, tdur }) => {
    const ofPage = name === 'RunTask' && pid === picked.pid && tid === picked.tid
    if (!ofPage || dur === undefined || tdur === undefined || ts + dur < picked.ts) return []
    const before = Math.max(0, picked.ts - ts)
    const processorBefore = before === 0 ? 0 : Math.max(0, (picked.tts ?? tts) - tts)
    return [
      {
        at: Math.max(0, ts - picked.ts) / 1000,
        duration: (dur - before) / 1000,
        processorTime: (tdur - processorBefore) / 1000,
      },
    ]
  })
}

/** What a person feels of them. Milliseconds. */
export interface Responsiveness {
  readonly tasks: number
  readonly longestTask: number
  readonly longestProcessorTime: number
  readonly over50ms: number
  /** What tasks took beyond 50 ms each, summed up ("total blocking time"). */
  readonly blockingTime: number
}

export function describeTasks(tasks: readonly PageTask[]): Responsiveness {
  const durations = tasks.map(({ duration }) => duration)
  return {
    tasks: tasks.length,
    longestTask: Math.max(0, ...durations),
    longestProcessorTime: Math.max(0, ...tasks.map(({ processorTime }) => processorTime)),
    over50ms: durations.filter((duration) => duration > 50).length,
    blockingTime: durations.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0),
  }
}
