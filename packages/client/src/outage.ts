import { backOff } from './async/back-off.js'
import { reasonOf } from './async/clock.js'
import { abortScope } from './async/abort-scope.js'
import { Emitter } from './async/emitter.js'
import type { Clock } from './seams.js'

export type Trouble = 'network' | 'service'

/** Failures in a row before an upload shows that it waits; fewer are a hiccup. */
const visibleFrom = 3

export interface Ticket {
  readonly round: number
}

/**
 * Whether the store can be reached, for all uploads of a page together: their requests go to one place. After a
 * failure everybody waits; while it lasts, a single request goes out at a time to see whether it is over. So a
 * dead network costs one request per back-off, not six lanes hammering.
 *
 * Requests that were under way together fail together; that counts as one failure (`round`).
 */
export class Outage {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #changed = new Emitter<void>()
  #round = 0
  #failures = 0
  #notBefore = 0
  #probing: Ticket | null = null
  #trouble: Trouble = 'network'
  #since = 0

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** What keeps uploads from sending; `null` while all is well, and during hiccups. */
  get visible(): Trouble | null {
    return this.#failures >= visibleFrom ? this.#trouble : null
  }

  /** Milliseconds since the first failure in a row of the same trouble; 0 while all is well. */
  get lasting(): number {
    return this.#failures === 0 ? 0 : this.#clock.now() - this.#since
  }

  /** Calls `listener` when {@link Outage.visible} may have changed. Returns the way to stop. */
  onChange(listener: () => void): () => void {
    return this.#changed.add(listener)
  }

  /** Resolves when a request may go out. Give the ticket back with exactly one of the methods below. */
  async admit(signal: AbortSignal): Promise<Ticket> {
    for (;;) {
      signal.throwIfAborted()
      if (this.#failures === 0) return { round: this.#round }
      const rest = this.#notBefore - this.#clock.now()
      if (rest > 0) await this.#sleepUnlessChanged(rest, signal)
      else if (this.#probing === null) return (this.#probing = { round: this.#round })
      else await this.#sleepUnlessChanged(null, signal)
    }
  }

  /** The store accepted a part. */
  over(ticket: Ticket): void {
    this.#giveBack(ticket)
    if (this.#failures === 0) return
    this.#failures = 0
    this.#round += 1
    this.#changed.emit()
  }

  /** No answer, or one that every request would get now. */
  failed(ticket: Ticket, trouble: Trouble, retryAfter?: number): void {
    this.#giveBack(ticket)
    if (ticket.round !== this.#round) return
    this.#round += 1
    if (this.#failures === 0 || trouble !== this.#trouble) this.#since = this.#clock.now()
    this.#failures += 1
    this.#trouble = trouble
    this.#notBefore = this.#clock.now() + backOff(this.#failures, this.#random(), retryAfter)
    this.#changed.emit()
  }

  /** The request ended in a way that says nothing about the store: it was aborted, or refused for itself. */
  release(ticket: Ticket): void {
    if (this.#giveBack(ticket)) this.#changed.emit()
  }

  /** A hint that it may be over, such as the browser's `online` event: the next request may go at once. */
  hint(): void {
    if (this.#failures === 0) return
    this.#notBefore = this.#clock.now()
    this.#changed.emit()
  }

  #giveBack(ticket: Ticket): boolean {
    if (this.#probing !== ticket) return false
    this.#probing = null
    return true
  }

  async #sleepUnlessChanged(ms: number | null, signal: AbortSignal): Promise<void> {
    const { controller, close } = abortScope(signal)
    const woken = new Promise<void>((resolve) => {
      controller.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const stopListening = this.#changed.add(() => controller.abort())
    try {
      await (ms === null ? woken : this.#clock.sleep(ms, controller.signal).catch(() => undefined))
      if (signal.aborted) throw reasonOf(signal)
    } finally {
      stopListening()
      close()
    }
  }
}
