import { leastPartSize } from '@carryon/protocol'

const MiB = 2 ** 20

/**
 * Seconds of the line that may be under way at once: what a reload, a crash or a broken connection loses. Enough for
 * a store that takes its time for each request, and for connections that slow down and recover.
 */
export const secondsInFlight = 2.4
/**
 * The same where seconds are many parts: each part costs the browser 10 ms of processor time and the line two round trips.
 * Requests end one after another, so that what a reload loses is some two thirds of it.
 */
const secondsOnFastLine = 4
/** Bytes per second: 50 Mbit/s. */
const fastLine = 6 * MiB
/**
 * While the line is not known: parts of 1 MiB in so many requests. Three kept the first answer of a thin line waiting longer
 * (13.5 instead of 12.1 s at 1 Mbit/s, 4.2 instead of 3.7 at 4), and filled one of 100 Mbit/s no sooner.
 */
const unknownInFlight = 2 * MiB
/**
 * Over a line that the processor and not the network bounds, parts of 32 MiB took 13 % less time than those of 8, and 3 %
 * less than those of 16. Larger ones were not tried: they are more to lose. Bytes.
 */
const largest = 32 * MiB
/** A part is at most so many times as large as those before it: a line is known better with each group. */
const fastestGrowth = 8
/** The same as long as the speed is only remembered: the line may be another one today. */
const unsureGrowth = 2
/** By this share of itself a part may be larger than it ought to be, where that saves a turn of all requests. */
const spare = 0.25

/**
 * Bytes that may be under way at once.
 *
 * @param speed bytes per second; `null` while it is unknown
 * @param part bytes of the next part
 */
export function mostInFlight(speed: number | null, part: number): number {
  if (speed === null) return Math.max(unknownInFlight, 2 * part)
  return Math.max(part, speed * (speed < fastLine ? secondsInFlight : secondsOnFastLine))
}

export interface NextParts {
  /** Bytes of the first parts: no part may be smaller. */
  readonly first: number
  /** Bytes of the parts decided last. */
  readonly before: number
  /** Bytes that are still to be cut. */
  readonly rest: number
  /** Part numbers that are decided. */
  readonly used: number
  /** Bytes per second; `null` while it is unknown. */
  readonly speed: number | null
  /** Whether the speed was measured in this page. */
  readonly isMeasured: boolean
}

/**
 * Bytes of the parts of the next group: as large as the line carries in time with several requests at once, for each
 * request costs the browser some processor time and the line some waiting; and as many as fill all requests to the end.
 */
export function nextPartSize({ first, before, rest, used, speed, isMeasured }: NextParts): number {
  const least = Math.max(first, leastPartSize(rest, used))
  if (speed === null) return Math.max(least, before)
  // Where parts are not whole MiB, they are whole multiples of the first.
  const unit = Math.min(first, MiB)
  const inFlight = mostInFlight(speed, first)
  const requests = requestsFor(inFlight)
  const most = Math.min(inFlight / requests, largest, before * (isMeasured ? fastestGrowth : unsureGrowth))
  const whole = Math.max(least, Math.floor(most / unit) * unit)
  const turns = Math.max(1, Math.ceil(rest / (requests * whole) - spare))
  const even = Math.ceil(rest / (requests * turns * unit)) * unit
  return Math.max(least, Math.min(even, Math.ceil((whole * (1 + spare)) / unit) * unit))
}

/**
 * Requests at once that a window of bytes is shared by. A thin line gains nothing by many, and each request costs; on a
 * long or lossy one six connections carry more than one. Two large parts that end together are more to lose than four small.
 */
function requestsFor(inFlight: number): number {
  if (inFlight >= 24 * MiB) return 6
  if (inFlight >= 4 * MiB) return 4
  return 2
}
