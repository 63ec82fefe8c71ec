import type { Page } from 'playwright-core'
import { type TraceEvent, traceTasks } from '../../browser/harness/trace.js'

/** One task of the page's main thread. Milliseconds. */
export interface PageTask {
  /** Start since the files were picked; 0 for the rest of the task in which the page was told. */
  readonly at: number
  /** Elapsed wall-clock time. */
  readonly duration: number
  /** CPU time: not inflated when other programs compete for the processor. */
  readonly processorTime: number
  /** CPU time spent on garbage collection, which the browser schedules. */
  readonly collecting: number
}

const mark = 'carryon-pick'

/**
 * Records the tasks of the page's main thread from the moment the page learns of the picked files. The browser's own
 * work before that, about a third of a millisecond per file, is not the page's.
 */
export async function recordTasksSincePick(
  page: Page,
  action: () => Promise<void>,
): Promise<readonly PageTask[]> {
  await page.evaluate((name) => {
    // Use the capture phase, to run before the page's own listener.
    window.addEventListener('change', () => performance.mark(name), { capture: true, once: true })
  }, mark)
  return tasksSinceMark(await traceTasks(page, ['blink.user_timing', 'v8'], action))
}

function tasksSinceMark(events: readonly TraceEvent[]): readonly PageTask[] {
  const picked = events.find(({ name }) => name === mark)
  if (picked === undefined) throw new Error('The trace does not say when files were picked')
  const ofPage = events.filter(({ pid, tid }) => pid === picked.pid && tid === picked.tid)
  const collections = ofPage.filter(({ name }) => name === 'MinorGC' || name === 'MajorGC')
  return ofPage.flatMap(({ name, ts, tts = 0, dur, tdur }) => {
    if (name !== 'RunTask' || dur === undefined || tdur === undefined || ts + dur < picked.ts) return []
    const within = collections.filter((collection) => collection.ts >= ts && collection.ts < ts + dur)
    const before = Math.max(0, picked.ts - ts)
    const processorBefore = before === 0 ? 0 : Math.max(0, (picked.tts ?? tts) - tts)
    return [
      {
        at: Math.max(0, ts - picked.ts) / 1000,
        duration: (dur - before) / 1000,
        processorTime: (tdur - processorBefore) / 1000,
        collecting: within.reduce((sum, collection) => sum + (collection.tdur ?? 0), 0) / 1000,
      },
    ]
  })
}

/** How responsive the page was. Milliseconds. */
export interface Responsiveness {
  readonly tasks: number
  readonly longestTask: number
  readonly longestProcessorTime: number
  readonly over50ms: number
  /** Sum of the time beyond 50 ms of each task ("total blocking time"). */
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
