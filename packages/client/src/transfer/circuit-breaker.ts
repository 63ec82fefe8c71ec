import { backOff, defaultDelays } from '../core/back-off.js'
import type { Delays } from '../core/back-off.js'
import type { Trouble } from '../core/retry-policy.js'
import { Emitter } from '../async/emitter.js'
import { sleepUnless } from '../async/sleep-unless.js'
import type { NextAttempt } from '../core/state.js'
import type { Clock } from '../ports.js'
import type { UploadError, WaitReason } from '../upload-types.js'

/** Failures in a row before an upload shows that it waits; fewer are a hiccup. */
const visibleFrom = 3
/** Milliseconds of failures in a row after which it is asked whether it is the store alone that cannot be reached. */
const doubtfulFrom = 20_000
/** Where each attempt takes long, two are enough to ask that. */
const doubtfulSooner = 60_000

export interface BreakerPermit {
  readonly round: number
}

/**
 * Whether the store can be reached, for all uploads of a page together: their requests go to one place. After a
 * failure everybody waits; while it lasts, a single request goes out at a time to see whether it is over. So a
 * dead network costs one request per back-off, not one per part in flight.
 *
 * Requests that were under way together fail together; that counts as one failure (`round`).
 */
export class CircuitBreaker {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #delays: Delays
  readonly #changed = new Emitter<void>()
  #round = 0
  #failures = 0
  #notBefore = 0
  #probing: BreakerPermit | null = null
  #trouble: Trouble = 'network'
  #since = 0
  #lastError: UploadError | null = null
  /** The store's, when the server answers and the store does not. */
  #unreachable: string | null = null

  constructor(clock: Clock, random: () => number, delays = defaultDelays) {
    this.#clock = clock
    this.#random = random
    this.#delays = delays
  }

  /** What keeps uploads from sending; `null` while all is well, and during hiccups. */
  get visible(): Trouble | null {
    return this.#failures >= visibleFrom || this.#unreachable !== null ? this.#trouble : null
  }

  /** What uploads wait for that would send; `null` as {@link CircuitBreaker.visible}. */
  get wait(): { readonly reason: WaitReason; readonly next: NextAttempt } | null {
    const { visible } = this
    if (visible === null) return null
    const host = this.#unreachable
    const retryAt = this.#clock.wallTime() + Math.max(0, this.#notBefore - this.#clock.now())
    const next = { lastError: this.#lastError, retryAt }
    return host === null
      ? { reason: visible, next }
      : { reason: 'store-unreachable', next: { ...next, host } }
  }

  /** Milliseconds since the first failure in a row of the same trouble; 0 while all is well. */
  get lasting(): number {
    return this.#failures === 0 ? 0 : this.#clock.now() - this.#since
  }

  /** Whether no answer has come for so long that it may be the store alone. */
  get isSuspect(): boolean {
    if (this.#trouble !== 'network' || this.lasting < doubtfulFrom) return false
    return this.#failures >= visibleFrom || (this.#failures > 1 && this.lasting >= doubtfulSooner)
  }

  /** Calls `listener` when {@link CircuitBreaker.wait} may have changed. Returns the way to stop. */
  onChange(listener: () => void): () => void {
    return this.#changed.add(listener)
  }

  /** Resolves when a request may go out. Give the permit back with exactly one of the methods below. */
  async admit(signal: AbortSignal): Promise<BreakerPermit> {
    for (;;) {
      signal.throwIfAborted()
      if (this.#failures === 0) return { round: this.#round }
      const rest = this.#notBefore - this.#clock.now()
      if (rest > 0) await sleepUnless(this.#changed, this.#clock, rest, signal)
      else if (this.#probing === null) return (this.#probing = { round: this.#round })
      else await sleepUnless(this.#changed, this.#clock, null, signal)
    }
  }

  /** The store accepted a part. */
  passed(breakerPermit: BreakerPermit): void {
    this.#giveBack(breakerPermit)
    if (this.#failures === 0) return
    this.#failures = 0
    this.#unreachable = null
    this.#round += 1
    this.#changed.emit()
  }

  /**
   * No answer, or one that every request would get now.
   *
   * @param error what it failed with, in the words of the page
   */
  failed(
    breakerPermit: BreakerPermit,
    trouble: Trouble,
    retryAfter?: number,
    error: UploadError | null = null,
  ): void {
    this.#giveBack(breakerPermit)
    if (breakerPermit.round !== this.#round) return
    this.#round += 1
    if (this.#failures === 0 || trouble !== this.#trouble) this.#since = this.#clock.now()
    this.#failures += 1
    this.#trouble = trouble
    this.#lastError = error
    if (trouble === 'service') this.#unreachable = null
    const wait = backOff(this.#failures, this.#random(), retryAfter, this.#delays)
    // What may never be allowed is asked for less often.
    this.#notBefore = this.#clock.now() + (this.#unreachable === null ? wait : 2 * wait)
    this.#changed.emit()
  }

  /** @param host of the store, which does not answer while the server does; `null`: the server does not answer either */
  unreachable(host: string | null): void {
    if (this.#failures === 0 || this.#unreachable === host) return
    this.#unreachable = host
    this.#changed.emit()
  }

  /** The request ended in a way that says nothing about the store: it was aborted, or refused for itself. */
  release(breakerPermit: BreakerPermit): void {
    if (this.#giveBack(breakerPermit)) this.#changed.emit()
  }

  /** A hint that it may be over, such as the browser's `online` event: the next request may go at once. */
  hint(): void {
    if (this.#failures === 0) return
    this.#notBefore = this.#clock.now()
    this.#changed.emit()
  }

  #giveBack(breakerPermit: BreakerPermit): boolean {
    if (this.#probing !== breakerPermit) return false
    this.#probing = null
    return true
  }
}
