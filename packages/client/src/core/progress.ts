import type { UploadProgress } from '../upload-types.js'

/** Milliseconds over which speed is averaged: long enough that parts ending one by one do not show. */
const window = 10_000
/** Milliseconds between samples. */
const sampleEvery = 250
/** Milliseconds before a speed is told: the first progress event claims what a socket buffer swallowed. */
const firstWord = 1_500

/** Bytes of a body that the system may hold while they count as sent: the most on Linux (`net.ipv4.tcp_wmem`). */
const sendBuffer = 4 * 1024 * 1024

/** While nothing is known of the line a request is supposed to take some seconds. Milliseconds. */
const guessedTime = 4_000
/** Of a part in flight so much is told at the time at which it ought to have arrived; the rest comes ever slower. */
const byThen = 0.8

/** A request under way. */
interface Flight {
  readonly size: number
  readonly startedAt: number
  /** Bytes that were handed to the network. */
  handed: number
  /** Bytes that count as sent; never fewer than before. */
  sent: number
}

/**
 * Counts one upload's bytes. What the store acknowledged and what verified counts as loaded, what is in flight
 * only as sent, and of that only what the line can have carried: a socket buffer takes megabytes at once, and a figure
 * that follows it leaps and then stands. Parts found in the store say nothing about the speed of the line.
 */
export class ProgressMeter {
  readonly #total: number
  readonly #share: () => number | null
  readonly #flights = new Map<number, Flight>()
  #loaded = 0
  /** Bytes moved over the line in this run. */
  #moved = 0
  /** What the store acknowledged since {@link begin}. */
  #run = { at: 0, bytes: 0 }
  /** What was told of this run: where a request fails and is made again, the figure stands until it is made up for. */
  #told = 0
  #givenUp = 0
  /** The most that was told as loaded. */
  #most = 0
  #isStopping = false
  #samples: { readonly at: number; readonly moved: number }[] = []

  /**
   * @param total bytes of the file
   * @param share bytes per second that each request has of the line now; `null` while that is not known
   */
  constructor(total: number, share: () => number | null = () => null) {
    this.#total = total
    this.#share = share
  }

  /** Sending begins, anew after a pause: an old speed is not this one's. */
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

  /** A request for part `partNumber` of `size` bytes goes out. */
  started(partNumber: number, size: number, now: number): void {
    this.#flights.set(partNumber, { size, startedAt: now, handed: 0, sent: 0 })
  }

  /** `handed` bytes of part `partNumber` have been handed to the network. */
  inFlight(partNumber: number, handed: number, now: number): void {
    const flight = this.#flights.get(partNumber)
    if (flight !== undefined) flight.handed = handed
    this.#sample(now)
  }

  /** Part `partNumber` is no longer in flight. What of it was sent counts as given up, if it has not arrived. */
  landed(partNumber: number): void {
    if (this.#isStopping) this.#givenUp += this.#flights.get(partNumber)?.sent ?? 0
    this.#flights.delete(partNumber)
  }

  /** From now on until {@link end} what lands is either stored or given up. */
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
   * Bytes per second that have reached the store since sending began, of what it has not acknowledged only those that
   * cannot be in a buffer: so these never look like more than they are.
   */
  carriedPerSecond(now: number): number {
    let bytes = this.#run.bytes
    for (const { handed } of this.#flights.values()) bytes += Math.max(0, handed - sendBuffer)
    return (bytes * 1000) / Math.max(1, now - this.#run.at)
  }

  /** `bytes` that the store held already were found equal. */
  found(bytes: number): void {
    this.#loaded += bytes
  }

  /** `bytes` counted before are not in the store after all. */
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

  /** Of what is in flight as much counts as sent as the line can have carried by now, and was handed to it. */
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
    // The last sample that is older than the window: a stalled line's speed falls to 0.
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

/** The share of a part that counts as sent after that multiple of the time that it ought to take. */
function sentAfter(time: number): number {
  if (time <= byThen) return Math.max(0, time)
  return byThen + (1 - byThen) * (1 - Math.exp((byThen - time) / (1 - byThen)))
}

/** Never rounded up, and 100 only when all is stored. */
function percentOf(loaded: number, sent: number, total: number): number {
  if (total === 0) return 0
  if (loaded >= total) return 100
  return Math.min(99.99, Math.floor((sent / total) * 10_000) / 100)
}
