import { ownerHeader } from '@carryon/protocol'
import { Deferred } from '../async/deferred.js'
import { withTimeout } from '../async/with-timeout.js'
import { unlessAborted } from '../async/unless-aborted.js'

/** Where this browser keeps who it is to one server. A cache that may fail: then it is somebody new. */
export interface OwnerMemory {
  /** `null` when there is no key. */
  get(): Promise<string | null>
  /** Replaces the key. */
  set(key: string): Promise<void>
}

/** Runs `work` while no other tab of this server does. Rejects when the signal is aborted before it may. */
export type Alone = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>

type Send = (headers: Readonly<Record<string, string>>) => Promise<Response>

/**
 * Makes one browser one anonymous owner. Two first requests at once would make two owners, of which the cookie keeps
 * one, so until a request was answered they go one at a time, across tabs too. And Chromium writes cookies to disk
 * only every 30 s: the key that is remembered here outlives a crash before that.
 */
export class OwnerKey {
  readonly #memory: OwnerMemory
  readonly #alone: Alone
  #key: string | null = null
  /** Whether the server has answered, or told us earlier who we are. */
  #isKnown = false
  /** Whether the memory has not answered, or with an error: it is not asked again. */
  #isMute = false
  /** Settles when the one request that went ahead has been answered, or was not. */
  #ahead: Deferred<void> | null = null

  constructor(memory: OwnerMemory, alone: Alone) {
    this.#memory = memory
    this.#alone = alone
  }

  /** Sends one request, as soon as it may go. Rejects as `send` does, or with the signal's reason. */
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
    // A key that was learned meanwhile stays: nobody has refused that one.
    if (told !== null && told !== shown && shown === this.#key) {
      this.#key = told
      // Nobody waits for a disk on the way to the first byte.
      this.#remember(told, shown).catch(() => undefined)
    }
    // An error of a proxy says nothing of who we are.
    if (response.status < 500) this.#isKnown = true
    return response
  }

  /** Unless another tab has put one there that this server was not asked about: it is taken over instead. */
  async #remember(told: string, refused: string | null): Promise<void> {
    const kept = await this.#memory.get()
    if (kept === null || kept === refused) await this.#memory.set(told)
    else this.#key = kept
  }
}
