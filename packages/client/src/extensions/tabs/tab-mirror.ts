import type { Clock } from '../../ports.js'
import { hasEnded } from '../../core/state.js'
import type { TabBus } from './tab-bus.js'
import type { StatusMessage, TabCommand } from '../../upload/other-tabs.js'

/** Milliseconds until an unanswered question is asked again: the other tab may have been starting. */
const firstAsk = 250
const longestAsk = 60_000
/**
 * Milliseconds that the tab taking over waits for an answer; a closed tab cannot answer. The wait is needed because
 * the lock may arrive before the message that the upload is done, and opening it then would create a second object.
 */
const settleTimeout = 500

/** State of an upload that another tab has. */
export class TabMirror {
  readonly #bus: TabBus
  readonly #clock: Clock
  readonly #identity: string
  readonly #name: string
  readonly #life = new AbortController()
  readonly #onStatus: (status: StatusMessage) => void
  #lastStatus: StatusMessage | null = null
  #paused = false
  #onEnd: () => void = () => undefined

  /** @param name of this tab's file: a status for another file name is ignored, even if the fingerprint is equal */
  constructor(
    bus: TabBus,
    clock: Clock,
    identity: string,
    name: string,
    onStatus: (status: StatusMessage) => void,
  ) {
    this.#name = name
    this.#bus = bus
    this.#clock = clock
    this.#identity = identity
    this.#onStatus = onStatus
    const stop = bus.watch(identity, (status) => this.#hear(status))
    this.#life.signal.addEventListener('abort', stop, { once: true })
    void this.#askUntilHeard()
  }

  /** The last received status; `null` before the first. */
  get lastStatus(): StatusMessage | null {
    return this.#lastStatus
  }

  /** Whether the user paused this upload, in whichever tab. */
  get isPaused(): boolean {
    return this.#paused
  }

  command(command: TabCommand): void {
    if (command !== 'cancel') this.#paused = command === 'pause'
    this.#bus.command(this.#identity, command)
  }

  /**
   * Call when the lock was acquired: resolves once it is known whether the other tab ended its upload or has closed.
   */
  async settle(): Promise<void> {
    const status = this.#lastStatus
    if (status === null || status.id === null || hasEnded(status)) return
    const heard = new AbortController()
    this.#onEnd = () => heard.abort()
    this.#bus.ask(this.#identity, status.id)
    await this.#clock.sleep(settleTimeout, heard.signal).catch(() => undefined)
  }

  stop(): void {
    this.#life.abort()
  }

  #hear(status: StatusMessage): void {
    if (status.name !== undefined && status.name !== this.#name) return
    this.#lastStatus = status
    this.#paused = status.state === 'paused'
    this.#onStatus(status)
    if (hasEnded(status)) this.#onEnd()
  }

  async #askUntilHeard(): Promise<void> {
    for (let pause = firstAsk; this.#lastStatus === null && !this.#life.signal.aborted;) {
      this.#bus.ask(this.#identity, null)
      await this.#clock.sleep(pause, this.#life.signal).catch(() => undefined)
      pause = Math.min(longestAsk, pause * 2)
    }
  }
}
