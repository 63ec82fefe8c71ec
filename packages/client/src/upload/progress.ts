import type { UploadProgress } from '../upload-types.js'

/** Milliseconds over which speed is averaged: long enough that parts ending one by one do not show. */
const window = 10_000
/** Milliseconds between samples. */
const sampleEvery = 250
/** Milliseconds before a speed is told: the first progress event claims what a socket buffer swallowed. */
const firstWord = 1_500

/** Bytes of a body that the system may hold while they count as sent: the most on Linux (`net.ipv4.tcp_wmem`). */
const sendBuffer = 4 * 1024 * 1024

/**
 * Counts one upload's bytes. What the store acknowledged and what verified counts as loaded, what is in flight
 * only as sent; parts found in the store say nothing about the speed of the line.
 */
export class ProgressMeter {
  readonly #total: number
  readonly #inFlight = new Map<number, number>()
  #loaded = 0
  /** Bytes moved over the line in this run. */
  #moved = 0
  /** What the store acknowledged since {@link begin}. */
  #run = { at: 0, bytes: 0 }
  #samples: { readonly at: number; readonly moved: number }[] = []

  /** @param total bytes of the file */
  constructor(total: number) {
    this.#total = total
  }

  /** Sending begins, anew after a pause: an old speed is not this one's. */
  begin(now: number): void {
    this.#inFlight.clear()
    this.#samples = [{ at: now, moved: this.#moved }]
    this.#run = { at: now, bytes: 0 }
  }

  /** Sending has stopped: nothing is in flight, there is no speed. */
  end(): void {
    this.#inFlight.clear()
    this.#samples = []
  }

  /** `sent` bytes of part `partNumber` have been handed to the network. */
  inFlight(partNumber: number, sent: number, now: number): void {
    this.#inFlight.set(partNumber, sent)
    this.#sample(now)
  }

  /** Part `partNumber` is no longer in flight. */
  landed(partNumber: number): void {
    this.#inFlight.delete(partNumber)
  }

  /** The store acknowledged `bytes` that were sent in this run. */
  stored(bytes: number, now: number): void {
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
    for (const sent of this.#inFlight.values()) bytes += Math.max(0, sent - sendBuffer)
    return (bytes * 1000) / Math.max(1, now - this.#run.at)
  }

  /** `bytes` that the store held already were found equal. */
  found(bytes: number): void {
    this.#loaded += bytes
  }

  /** `bytes` counted before are not in the store after all. */
  lost(bytes: number): void {
    this.#loaded -= bytes
  }

  snapshot(now: number): UploadProgress {
    const loaded = Math.min(Math.max(this.#loaded, 0), this.#total)
    const sent = Math.min(loaded + this.#flying(), this.#total)
    const speed = this.#speed(now)
    const secondsLeft = speed === null || speed < 1 ? null : Math.ceil((this.#total - sent) / speed)
    // Never rounded up: 100 means that all is stored.
    const percent = this.#total === 0 ? 0 : Math.floor((loaded / this.#total) * 10_000) / 100
    return { loaded, sent, total: this.#total, percent, speed, secondsLeft }
  }

  #flying(): number {
    let bytes = 0
    for (const sent of this.#inFlight.values()) bytes += sent
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
    this.#samples.push({ at: now, moved: this.#moved + this.#flying() })
    const kept = this.#samples.findLastIndex((sample) => now - sample.at >= window)
    if (kept > 0) this.#samples.splice(0, kept)
  }
}
