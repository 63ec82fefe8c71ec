import { backOff, defaultDelays } from '../core/back-off.js'
import type { Delays } from '../core/back-off.js'
import type { Trouble } from '../core/retry-policy.js'
import { Emitter } from '../async/emitter.js'
import { sleepUnless } from '../async/sleep-unless.js'
import type { NextAttempt } from '../core/state.js'
import type { Clock } from '../ports.js'
import type { UploadError, WaitReason } from '../upload-types.js'

/** Failures in a row before an upload shows that it waits; fewer are ignored. */
const visibleFrom = 3
/** Milliseconds of failures in a row after which to check whether only the store is unreachable. */
const doubtfulFrom = 20_000
/** Milliseconds after which two failures are enough for that check, for when each attempt takes long. */
const doubtfulSooner = 60_000

export interface BreakerPermit {
  readonly round: number
}

/**
 * Tracks whether the store can be reached, for all uploads of a page together, since their requests go to the same
 * host. After a failure all of them wait, and a single request at a time probes whether the outage is over. So a dead
 * network costs one request per back-off, not one per part in flight.
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
  /** The store's host, when the server answers and the store does not. */
  #unreachable: string | null = null

  constructor(clock: Clock, random: () => number, delays = defaultDelays) {
    this.#clock = clock
    this.#random = random
    this.#delays = delays
  }

  /** What keeps uploads from sending; `null` while there are no failures, or too few to show. */
  get visible(): Trouble | null {
    return this.#failures >= visibleFrom || this.#unreachable !== null ? this.#trouble : null
  }

  /** What uploads that are ready to send wait for; `null` like {@link CircuitBreaker.visible}. */
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

  /** Milliseconds since the first of the current failures of the same kind; 0 while there are none. */
  get lasting(): number {
    return this.#failures === 0 ? 0 : this.#clock.now() - this.#since
  }

  /** Whether no answer has come for so long that perhaps only the store is unreachable. */
  get isSuspect(): boolean {
    if (this.#trouble !== 'network' || this.lasting < doubtfulFrom) return false
    return this.#failures >= visibleFrom || (this.#failures > 1 && this.lasting >= doubtfulSooner)
  }

  /** Calls `listener` when {@link CircuitBreaker.wait} may have changed. Returns a function that removes it. */
  onChange(listener: () => void): () => void {
    return this.#changed.add(listener)
  }

  /** Resolves when a request may start. Return the permit with exactly one of `passed`, `failed` and `release`. */
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
   * There was no answer, or one that every request would get now.
   *
   * @param error the failure as applications see it
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
    // An unreachable store may be blocked for good, so probe it less often.
    this.#notBefore = this.#clock.now() + (this.#unreachable === null ? wait : 2 * wait)
    this.#changed.emit()
  }

  /** @param host the store's host if the server answers and the store does not; `null` if neither answers */
  unreachable(host: string | null): void {
    if (this.#failures === 0 || this.#unreachable === host) return
    this.#unreachable = host
    this.#changed.emit()
  }

  /** The request ended in a way that says nothing about the store: it was aborted, or refused for its own content. */
  release(breakerPermit: BreakerPermit): void {
    if (this.#giveBack(breakerPermit)) this.#changed.emit()
  }

  /** A hint that the outage may be over, such as the browser's `online` event: the next request may start at once. */
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
