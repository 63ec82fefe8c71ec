import type { Page } from 'playwright-core'

/** The members used of Chromium's trace events; times in microseconds, `t…` by the thread's CPU clock. */
export interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly tts?: number
  readonly dur?: number
  readonly tdur?: number
  readonly args: { readonly name?: string; readonly data?: { readonly frames?: readonly TracedFrame[] } }
}

export interface TracedFrame {
  readonly isOutermostMainFrame?: boolean
  readonly processId: number
}

/** Chromium's trace of all tasks during `action`, plus the given `categories`. */
export async function traceTasks(
  page: Page,
  categories: readonly string[],
  action: () => Promise<void>,
): Promise<readonly TraceEvent[]> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['disabled-by-default-devtools.timeline', ...categories],
      excludedCategories: ['*'],
    },
  })
  await action()
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  return events
}
