import { ownerHeader } from '@carryon/protocol'
import { Deferred } from '../async/deferred.js'
import { withTimeout } from '../async/with-timeout.js'
import { unlessAborted } from '../async/unless-aborted.js'

/** Stores this browser's key as an anonymous owner at one server. May fail: the browser then becomes a new owner. */
export interface OwnerMemory {
  /** `null` if there is no key. */
  get(): Promise<string | null>
  /** Replaces the key. */
  set(key: string): Promise<void>
}

/** Runs `work` while no other tab of the same server does. Rejects if the signal is aborted before it starts. */
export type Alone = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>

type Send = (headers: Readonly<Record<string, string>>) => Promise<Response>

/**
 * Keeps one browser one anonymous owner. Two concurrent first requests would create two owners, of which the cookie
 * keeps one, so requests are sent one at a time, across tabs too, until one was answered. The key is also stored here
 * because Chromium writes cookies to disk only every 30 s, and a crash before that would lose it.
 */
export class OwnerKey {
  readonly #memory: OwnerMemory
  readonly #alone: Alone
  #key: string | null = null
  /** Whether the server has answered, or an earlier key is known. */
  #isKnown = false
  /** Whether the memory failed or did not answer: it is not asked again. */
  #isMute = false
  /** Settles when the first request has been answered or has failed. */
  #ahead: Deferred<void> | null = null

  constructor(memory: OwnerMemory, alone: Alone) {
    this.#memory = memory
    this.#alone = alone
  }

  /** Sends one request as soon as it may be sent. Rejects like `send`, or with the signal's reason. */
  async send(send: Send, signal: AbortSignal): Promise<Response> {
    while (!this.#isKnown) {
      if (this.#ahead === null) return this.#goAhead(send, signal)
      await unlessAborted(this.#ahead.promise, signal)
    }
    return this.#ask(send)
  }

  async #goAhead(send: Send, signal: AbortSignal): Promise<Response> {
    const ahead = new Deferred<void>()
    this.#ahead = ahead
    const over = (): void => {
      this.#ahead = null
      ahead.resolve()
    }
    try {
      await this.#recall()
      if (!this.#isKnown) {
        return await this.#alone(async () => {
          await this.#recall()
          return this.#ask(send)
        }, signal)
      }
      over()
      return await this.#ask(send)
    } finally {
      over()
    }
  }

  async #recall(): Promise<void> {
    if (this.#isMute) return
    const mute = Symbol('mute')
    const key = await withTimeout<string | null | symbol>(() => this.#memory.get(), mute)
    this.#isMute = key === mute
    this.#key = typeof key === 'string' ? key : null
    this.#isKnown = this.#key !== null
  }

  async #ask(send: Send): Promise<Response> {
    const shown = this.#key
    const response = await send(shown === null ? {} : { [ownerHeader]: shown })
    const told = response.headers.get(ownerHeader)
    // Keep a key that was learned meanwhile: the server did not refuse that one.
    if (told !== null && told !== shown && shown === this.#key) {
      this.#key = told
      // Not awaited, so that the disk does not delay the first byte.
      this.#remember(told, shown).catch(() => undefined)
    }
    // A 5xx answer may come from a proxy and does not identify the owner.
    if (response.status < 500) this.#isKnown = true
    return response
  }

  /** Stores the key, unless another tab stored one that this server has not refused; that one stays. */
  async #remember(told: string, refused: string | null): Promise<void> {
    const kept = await this.#memory.get()
    if (kept === null || kept === refused) await this.#memory.set(told)
    else this.#key = kept
  }
}
