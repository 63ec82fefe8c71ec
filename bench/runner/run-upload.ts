import type { Settings } from '../contestants/contestant.js'
import type { Outcome } from '../contestants/page.js'
import { browserUsage, watchMemory } from './browser-memory.js'
import { pick, withPage } from './open-page.js'
import { slowProcessor } from './slow-processor.js'
import type { Slowed } from './slow-processor.js'
import { relayPort } from './test-bed.js'
import type { TestBed } from './test-bed.js'

/** One way to upload, with its settings. */
export interface Variant {
  /** Its name in the report, such as `cos-js-sdk-v5, defaults`. */
  readonly label: string
  /** Name of a file in `contestants`. */
  readonly contestant: string
  readonly settings: Settings
  /** Whether the page records the progress figures that a user would see. Default: false. */
  readonly figures?: boolean
  /** Value of `navigator.connection`. Default: Chromium's own estimate, which means nothing on loopback. */
  readonly connection?: { readonly effectiveType: string }
  /** How many times slower the processor is made, and for which threads. Default: not slowed. */
  readonly slowed?: { readonly whose: Slowed; readonly times: number }
}

export interface PickedFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/** Results of one run. Times in milliseconds, memory in MiB. */
export interface Run {
  readonly label: string
  /** Unix milliseconds with fractions. */
  readonly pickedAt: number
  /** Milliseconds from the pick until the last file is reported as stored. */
  readonly ms: number
  /** Milliseconds from the pick until the first PUT left the browser; `null` if no relay observed one. */
  readonly firstByteMs: number | null
  /** Longest main-thread task over 50 ms; 0 when there was none. */
  readonly longestTaskMs: number
  /** Total time of long tasks beyond the first 50 ms of each. */
  readonly blockingMs: number
  /** Peak memory minus the memory before the pick. */
  readonly rendererGrowth: number
  readonly browserGrowth: number
  readonly browserCpuMs: number
  /** The part of it spent in the renderers: page and workers. */
  readonly rendererCpuMs: number
  readonly storeCpuMs: number
  readonly appCpuMs: number
  readonly appBytes: number
  /** Requests that the store answered, including preflights; `null` if the store does not count. */
  readonly storeRequests: number | null
  /** Body bytes received by the store in excess of the files' sizes; `null` if the store does not count. */
  readonly bytesAgain: number | null
  readonly error: string | null
}

/**
 * Uploads the files once, in a new browser with a new profile. An upload that fails or does not end results in a run
 * with an `error`, not in an exception, so that the other runs continue.
 *
 * @param longestMs milliseconds after which the run counts as failed
 */
export async function runUpload(
  testBed: TestBed,
  variant: Variant,
  files: readonly PickedFile[],
  longestMs: number,
): Promise<Run> {
  await testBed.clear()
  return withPage(testBed, variant, files, async ({ browser, page }) => {
    const before = await Promise.all([browserUsage(browser), testBed.usage()])
    const memory = watchMemory(browser)
    const { whose, times } = variant.slowed ?? { whose: 'page', times: 1 }
    const atFullSpeed = times === 1 ? null : await slowProcessor(browser, page, whose, times)
    let outcome: Outcome | undefined
    try {
      await pick(page, files)
      outcome = await page.evaluate((ms) => globalThis.benchPage?.outcome(ms), longestMs)
    } finally {
      await atFullSpeed?.()
    }
    const peak = await memory.stop()
    const after = await Promise.all([browserUsage(browser), testBed.usage()])
    if (outcome === undefined) throw new Error('The page lost its measurements.')
    return {
      ...describe(variant, outcome, before, after, peak),
      ...(await seenByServers(testBed, outcome, files)),
    }
  })
}

type Usages = readonly [Awaited<ReturnType<typeof browserUsage>>, Awaited<ReturnType<TestBed['usage']>>]

function describe(
  { label }: Variant,
  { pickedAt, doneAt, longTasks, error }: Outcome,
  [browserBefore, standBefore]: Usages,
  [browserAfter, standAfter]: Usages,
  peak: { readonly renderer: number; readonly all: number },
) {
  return {
    label,
    pickedAt,
    ms: doneAt - pickedAt,
    longestTaskMs: Math.max(0, ...longTasks),
    blockingMs: longTasks.reduce((sum, duration) => sum + duration - 50, 0),
    rendererGrowth: peak.renderer - browserBefore.renderer,
    browserGrowth: peak.all - browserBefore.all,
    browserCpuMs: browserAfter.cpuMs - browserBefore.cpuMs,
    rendererCpuMs: browserAfter.rendererCpuMs - browserBefore.rendererCpuMs,
    storeCpuMs: standAfter.storeCpuMs - standBefore.storeCpuMs,
    appCpuMs: standAfter.appCpuMs - standBefore.appCpuMs,
    appBytes: standAfter.appBytes - standBefore.appBytes,
    error,
  }
}

async function seenByServers(testBed: TestBed, { pickedAt }: Outcome, files: readonly PickedFile[]) {
  const counters = Object.values(await testBed.storeCounters())
  const requests = await testBed.requests()
  // Late requests of an earlier page may have arrived after the counters were cleared.
  const firstPut = requests.find(
    ({ method, port, at }) => method === 'PUT' && port === relayPort.store && at >= pickedAt,
  )
  const size = files.reduce((sum, file) => sum + file.size, 0)
  const received = counters.reduce((sum, operation) => sum + operation.received, 0)
  return {
    firstByteMs: firstPut === undefined ? null : firstPut.at - pickedAt,
    storeRequests:
      counters.length === 0 ? null : counters.reduce((sum, operation) => sum + operation.requests, 0),
    bytesAgain: counters.length === 0 ? null : received - size,
  }
}
