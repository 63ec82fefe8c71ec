import { leastPartSize } from '@carryon/protocol'

const MiB = 2 ** 20

/**
 * How many seconds' worth of data may be in flight at once; this is what a reload, a crash or a broken connection
 * loses. Enough for a store with slow answers, and for connections that slow down and recover.
 */
export const secondsInFlight = 2.4
/**
 * The same for a fast line, where it amounts to many parts: each part costs the browser 10 ms of processor time and the
 * line two round trips. Requests end one after another, so a reload loses about two thirds of it.
 */
const secondsOnFastLine = 4
/** Bytes per second: 50 Mbit/s. */
const fastLine = 6 * MiB
/**
 * Bytes in flight while the speed is unknown: two requests of 1 MiB. With three, the first answer came later on a slow
 * line (13.5 instead of 12.1 s at 1 Mbit/s, 4.2 instead of 3.7 s at 4 Mbit/s), and a line of 100 Mbit/s was filled no
 * sooner.
 */
const unknownInFlight = 2 * MiB
/**
 * Largest part size in bytes. When the processor and not the network was the limit, parts of 32 MiB took 13 % less time
 * than those of 8 MiB and 3 % less than those of 16 MiB. Larger ones were not tried, because a failure loses more.
 */
const largest = 32 * MiB
/** A part is at most this many times as large as those before it: the speed is known better with each group. */
const fastestGrowth = 8
/** The same while the speed is only remembered: the line may be a different one today. */
const unsureGrowth = 2
/** A part may exceed its ideal size by this share if that saves a round of requests. */
const spare = 0.25

/**
 * Bytes that may be in flight at once.
 *
 * @param speed bytes per second; `null` while unknown
 * @param part size of the next part in bytes
 */
export function mostInFlight(speed: number | null, part: number): number {
  if (speed === null) return Math.max(unknownInFlight, 2 * part)
  return Math.max(part, speed * (speed < fastLine ? secondsInFlight : secondsOnFastLine))
}

export interface NextParts {
  /** Size in bytes of the first parts; no later part may be smaller. */
  readonly first: number
  /** Size in bytes of the parts decided last. */
  readonly before: number
  /** Bytes that are not yet divided into parts. */
  readonly rest: number
  /** Number of parts already decided. */
  readonly used: number
  /** Bytes per second; `null` while unknown. */
  readonly speed: number | null
  /** Whether the speed was measured on this page. */
  readonly isMeasured: boolean
}

/**
 * Size in bytes of the next group's parts. They are as large as several concurrent requests can carry in time, because
 * each request costs processor time and waiting; and their number keeps all requests busy to the end.
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
 * Number of concurrent requests that share a window of bytes. A slow line gains nothing from many, and each one has a
 * cost; on a long or lossy line six connections carry more than one. Two large parts in flight lose more than four
 * small ones.
 */
function requestsFor(inFlight: number): number {
  if (inFlight >= 24 * MiB) return 6
  if (inFlight >= 4 * MiB) return 4
  return 2
}
