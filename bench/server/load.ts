import type { Answer, Browsers } from './browsers.js'

/** Results of one load. */
export interface Measured {
  readonly perSecond: number
  /** Median milliseconds from the request to the last byte of its answer. */
  readonly p50: number
  readonly p99: number
  /** Number of answered requests. */
  readonly count: number
}

/** Milliseconds after which a load ends, even if requests remain. */
const longest = 15_000

/** Sends one request of a load. @returns its answer, which must be a success. */
export type Call = (browser: number, index: number) => Promise<Answer>

/**
 * Maximum throughput: each browser sends again once answered, until `total` are sent or {@link longest} has passed.
 */
export async function asFastAsPossible(browsers: Browsers, total: number, call: Call): Promise<Measured> {
  const times: number[] = []
  let next = 0
  const begin = performance.now()
  await Promise.all(
    Array.from({ length: browsers.count }, async (_, browser) => {
      for (let index = next++; index < total; index = next++) {
        if (performance.now() - begin > longest) return
        times.push(await timed(call, browser, index))
      }
    }),
  )
  return measured(times, performance.now() - begin)
}

/**
 * Sends `perSecond` requests a second even if earlier ones are still unanswered, because users do not wait for each
 * other. A request's time counts from when it should have been sent. Ends early when the servers are a second behind.
 */
export async function atRate(
  browsers: Browsers,
  perSecond: number,
  seconds: number,
  call: Call,
): Promise<Measured> {
  const total = perSecond * seconds
  const times: number[] = []
  const begin = performance.now()
  const lanes: Promise<void>[] = Array.from({ length: browsers.count }, () => Promise.resolve())
  for (let index = 0; index < total; index += 1) {
    const due = begin + (index * 1000) / perSecond
    while (performance.now() < due) await tick()
    if (times.length + perSecond < index) break
    const browser = index % browsers.count
    // A connection handles one request at a time.
    lanes[browser] = (lanes[browser] ?? Promise.resolve()).then(async () => {
      await timed(call, browser, index)
      times.push(performance.now() - due)
    })
  }
  await Promise.all(lanes)
  return measured(times, performance.now() - begin)
}

async function timed(call: Call, browser: number, index: number): Promise<number> {
  const begin = performance.now()
  const { status, body } = await call(browser, index)
  if (status >= 300) throw new Error(`answered ${status}: ${body}`)
  return performance.now() - begin
}

function measured(times: readonly number[], milliseconds: number): Measured {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { perSecond: (times.length * 1000) / milliseconds, p50: at(0.5), p99: at(0.99), count: times.length }
}

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 1))
