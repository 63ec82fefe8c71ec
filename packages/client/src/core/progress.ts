import type { UploadProgress } from '../upload-types.js'

/** Milliseconds over which speed is averaged: long enough to smooth out the ends of single parts. */
const window = 10_000
/** Milliseconds between samples. */
const sampleEvery = 250
/**
 * Milliseconds before a speed is reported, because the first progress event includes what only filled a socket buffer.
 */
const firstWord = 1_500

/** Bytes that the system may still buffer while they count as sent: the maximum on Linux (`net.ipv4.tcp_wmem`). */
const sendBuffer = 4 * 1024 * 1024

/** Assumed duration of a request while the speed is unknown. Milliseconds. */
const guessedTime = 4_000
/** Up to this share of its expected time, a part in flight progresses linearly; after that, more and more slowly. */
const byThen = 0.8

/** A request under way. */
interface Flight {
  readonly size: number
  readonly startedAt: number
  /** Bytes handed to the network. */
  handed: number
  /** Bytes that count as sent; never decreases. */
  sent: number
}

/**
 * Counts one upload's bytes. What the store acknowledged and what was verified counts as loaded. What is in flight
 * counts only as sent, and only as much as the line can have carried: a socket buffer takes megabytes at once, so the
 * raw number would jump and then stand still. Parts found in the store do not count for the speed.
 */
export class ProgressMeter {
  readonly #total: number
  readonly #share: () => number | null
  readonly #flights = new Map<number, Flight>()
  #loaded = 0
  /** Bytes acknowledged on this page, without parts found in the store. */
  #moved = 0
  /** What the store acknowledged since {@link begin}. */
  #run = { at: 0, bytes: 0 }
  /** `sent` as last reported, so that it does not decrease when a request fails and is repeated. */
  #told = 0
  #givenUp = 0
  /** The highest value reported as loaded. */
  #most = 0
  #isStopping = false
  #samples: { readonly at: number; readonly moved: number }[] = []

  /**
   * @param total bytes of the file
   * @param share returns the current bytes per second per request; `null` while unknown
   */
  constructor(total: number, share: () => number | null = () => null) {
    this.#total = total
    this.#share = share
  }

  /** Sending begins, for the first time or after a pause: forgets the earlier speed. */
  begin(now: number): void {
    this.#flights.clear()
    this.#samples = [{ at: now, moved: this.#moved }]
    this.#run = { at: now, bytes: 0 }
    this.#told = 0
    this.#givenUp = 0
  }

  /** Sending has stopped: nothing is in flight, there is no speed. */
  end(): void {
    this.#givenUp += this.#flying()
    this.#isStopping = false
    this.#flights.clear()
    this.#samples = []
    this.#told = 0
  }

  /** A request for part `partNumber` of `size` bytes starts. */
  started(partNumber: number, size: number, now: number): void {
    this.#flights.set(partNumber, { size, startedAt: now, handed: 0, sent: 0 })
  }

  /** `handed` bytes of part `partNumber` have been handed to the network. */
  inFlight(partNumber: number, handed: number, now: number): void {
    const flight = this.#flights.get(partNumber)
    if (flight !== undefined) flight.handed = handed
    this.#sample(now)
  }

  /**
   * Part `partNumber` is no longer in flight. While stopping, what was sent of it counts as given up unless it was
   * stored.
   */
  landed(partNumber: number): void {
    if (this.#isStopping) this.#givenUp += this.#flights.get(partNumber)?.sent ?? 0
    this.#flights.delete(partNumber)
  }

  /** From now until {@link end}, a part that is no longer in flight is either stored or given up. */
  stopping(now: number): void {
    this.#update(now)
    this.#isStopping = true
  }

  /** The store acknowledged part `partNumber` of `bytes`, which was sent in this run. */
  stored(partNumber: number, bytes: number, now: number): void {
    this.#flights.delete(partNumber)
    this.#loaded += bytes
    this.#moved += bytes
    this.#run.bytes += bytes
    this.#sample(now)
  }

  /**
   * Bytes per second that have reached the store since sending began. Of what it has not acknowledged, only bytes that
   * cannot be in a buffer count, so the result is never too high.
   */
  carriedPerSecond(now: number): number {
    let bytes = this.#run.bytes
    for (const { handed } of this.#flights.values()) bytes += Math.max(0, handed - sendBuffer)
    return (bytes * 1000) / Math.max(1, now - this.#run.at)
  }

  /** `bytes` that the store already held were found equal. */
  found(bytes: number): void {
    this.#loaded += bytes
  }

  /** `bytes` that were counted as loaded are not in the store after all. */
  lost(bytes: number): void {
    this.#loaded -= bytes
    this.#told = 0
  }

  snapshot(now: number): UploadProgress {
    this.#update(now)
    const loaded = Math.min(Math.max(this.#loaded, 0), this.#total)
    this.#most = Math.max(this.#most, loaded)
    const sent = Math.min(Math.max(loaded + this.#flying(), this.#told), this.#total)
    if (this.#samples.length > 0) this.#told = sent
    const speed = this.#speed(now)
    const secondsLeft = speed === null || speed < 1 ? null : Math.ceil((this.#total - sent) / speed)
    return {
      loaded,
      sent,
      total: this.#total,
      percent: percentOf(loaded, sent, this.#total),
      speed,
      secondsLeft,
      givenUp: this.#givenUp,
      lost: this.#most - loaded,
    }
  }

  /** Counts as sent what was handed to the network, but at most what the line can have carried by now. */
  #update(now: number): void {
    const share = this.#share()
    for (const flight of this.#flights.values()) {
      const { size, startedAt, handed, sent } = flight
      const expected = share === null || share < 1 ? guessedTime : (size * 1000) / share
      flight.sent = Math.max(sent, Math.min(handed, size * sentAfter((now - startedAt) / expected)))
    }
  }

  #flying(): number {
    let bytes = 0
    for (const { sent } of this.#flights.values()) bytes += sent
    return bytes
  }

  #speed(now: number): number | null {
    const first = this.#samples[0]
    if (first === undefined) return null
    // Start from the last sample older than the window, so that a stalled line's speed falls to 0.
    const from = this.#samples.findLast((sample) => now - sample.at >= window) ?? first
    const lasted = now - from.at
    if (lasted < firstWord) return null
    return Math.max(0, (this.#moved + this.#flying() - from.moved) * 1000) / lasted
  }

  #sample(now: number): void {
    const last = this.#samples.at(-1)
    if (last === undefined || now - last.at < sampleEvery) return
    this.#update(now)
    this.#samples.push({ at: now, moved: this.#moved + this.#flying() })
    const kept = this.#samples.findLastIndex((sample) => now - sample.at >= window)
    if (kept > 0) this.#samples.splice(0, kept)
  }
}

/** The share of a part that counts as sent after `time`, a multiple of its expected duration. */
function sentAfter(time: number): number {
  if (time <= byThen) return Math.max(0, time)
  return byThen + (1 - byThen) * (1 - Math.exp((byThen - time) / (1 - byThen)))
}

/** Percentage, never rounded up, and 100 only when everything is stored. */
function percentOf(loaded: number, sent: number, total: number): number {
  if (total === 0) return 0
  if (loaded >= total) return 100
  return Math.min(99.99, Math.floor((sent / total) * 10_000) / 100)
}
