/**
 * How many parts are in flight at once. The number is found by trial, because no line is known beforehand: one more
 * while the acknowledged bytes per second rise by more than 8 %, one fewer when an additional request gained nothing
 * twice, half on congestion, and a lower number right away when a part takes too long. Measured on acknowledged bytes,
 * because the bytes handed to the network are 4 to 7 MB ahead of those.
 */
export interface ConcurrencyState {
  /** Maximum number of parts in flight, 1 to `ceiling`. */
  readonly limit: number
  readonly ceiling: number
  /** Bytes per second that a higher limit has to beat; `null` before the first measurement. */
  readonly best: number | null
  /** Whether the limit was just raised, and it is not yet known whether that helps. */
  readonly onTrial: boolean
  /** Measurements in a row in which the raised limit gained nothing. */
  readonly flat: number
  /** Measurements to skip before raising the limit again. */
  readonly hold: number
  /** The current measurement; `null` until a part is acknowledged while all requests are in use. */
  readonly epoch: { readonly startedAt: number; readonly bytes: number; readonly parts: number } | null
  /** Until this time, further signs of congestion count as part of the same burst. Milliseconds of the clock. */
  readonly calmUntil: number
}

/**
 * The number of connections that a browser opens to one host over HTTP/1.1. In sweeps of bare PUTs over loopback, 100
 * Mbit/s × 100 ms, 20 Mbit/s and 1 Gbit/s, six was the best or as good as the best; starting with three lost 5 to 10 %
 * of the first minute, and parts of one size that start together end together, with the line idle in between.
 */
const start = 6
/**
 * A part that takes longer loses more on a failure, and COS may refuse it as `UserNetworkTooSlow` (436/7730).
 * Milliseconds.
 */
const longestPart = 20_000
/** Target time per part after one took longer than {@link longestPart}. Milliseconds. */
const goodPart = 10_000
const gain = 1.08
const flatsToStepBack = 2
const holdAfterStepBack = 8
const holdAfterCongestion = 4
/** Milliseconds. */
const shortestEpoch = 1_000
const longestEpoch = 20_000
const burst = 3_000

/** @param ceiling maximum number of concurrent requests, 1 or more */
export function initialConcurrency(ceiling: number): ConcurrencyState {
  const limit = Math.min(start, ceiling)
  return { limit, ceiling, best: null, onTrial: false, flat: 0, hold: 0, epoch: null, calmUntil: 0 }
}

/**
 * The store acknowledged a part of `bytes` at `now` (milliseconds).
 *
 * @param busy whether all requests were in use; the throughput of a half-used line says nothing about its capacity
 */
export function acknowledged(
  state: ConcurrencyState,
  bytes: number,
  now: number,
  busy: boolean,
): ConcurrencyState {
  if (!busy) return state.epoch === null ? state : { ...state, epoch: null }
  if (state.epoch === null) return { ...state, epoch: { startedAt: now, bytes: 0, parts: 0 } }
  const epoch = { ...state.epoch, bytes: state.epoch.bytes + bytes, parts: state.epoch.parts + 1 }
  const lasted = now - epoch.startedAt
  // Two parts per concurrent request, so that it matters little which part happened to end within the measurement.
  const enough = epoch.parts >= 2 * state.limit || (lasted >= longestEpoch && epoch.parts >= state.limit)
  if (!enough || lasted < shortestEpoch) return { ...state, epoch }
  return decide(state, epoch, lasted, now)
}

/** The state after `SlowDown`, `UserNetworkTooSlow`, `RequestTimeout`, or a connection that failed. */
export function congested(state: ConcurrencyState, now: number): ConcurrencyState {
  if (now < state.calmUntil) return state
  const limit = Math.max(1, Math.floor(state.limit / 2))
  return {
    ...state,
    limit,
    best: null,
    onTrial: false,
    flat: 0,
    hold: holdAfterCongestion,
    epoch: null,
    calmUntil: now + burst,
  }
}

function decide(
  state: ConcurrencyState,
  { bytes, parts }: { readonly bytes: number; readonly parts: number },
  lasted: number,
  now: number,
): ConcurrencyState {
  const rate = (bytes * 1000) / lasted
  const next = { ...state, epoch: { startedAt: now, bytes: 0, parts: 0 } }
  const perPart = (state.limit * lasted) / parts
  if (perPart > longestPart && state.limit > 1) {
    const limit = Math.max(1, Math.floor((state.limit * goodPart) / perPart))
    return { ...next, limit, best: null, onTrial: false, flat: 0, hold: holdAfterStepBack }
  }
  if (state.hold > 0) return { ...next, hold: state.hold - 1, best: state.hold === 1 ? null : rate }
  const gained = state.best === null || rate > state.best * gain
  if (gained || !state.onTrial) {
    const limit = Math.min(state.ceiling, state.limit + 1)
    return { ...next, best: rate, flat: 0, limit, onTrial: limit > state.limit }
  }
  if (state.flat + 1 < flatsToStepBack) return { ...next, flat: state.flat + 1 }
  return {
    ...next,
    flat: 0,
    hold: holdAfterStepBack,
    onTrial: false,
    limit: Math.max(1, state.limit - 1),
  }
}
