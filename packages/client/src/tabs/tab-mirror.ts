import type { Clock } from '../ports.js'
import { hasEnded } from '../core/state.js'
import type { TabDesk } from './tab-desk.js'
import type { TabCommand, TabWord } from './tab-messages.js'

/** Milliseconds until nobody's answer is asked for again: the other tab may have been starting just then. */
const firstAsk = 250
const longestAsk = 60_000
/**
 * Milliseconds that a tab which closed, and so cannot answer, holds up the one that takes over. The lock may come
 * before the word that the upload is done, and opening then would make a second object.
 */
const settlePatience = 500

/** What this tab knows of an upload that another tab has. */
export class TabMirror {
  readonly #desk: TabDesk
  readonly #clock: Clock
  readonly #identity: string
  readonly #name: string
  readonly #life = new AbortController()
  readonly #onWord: (word: TabWord) => void
  #word: TabWord | null = null
  #paused = false
  #onEnd: () => void = () => undefined

  /** @param name of the file here: what is said of a file of another name is not about this one, whatever its samples */
  constructor(desk: TabDesk, clock: Clock, identity: string, name: string, onWord: (word: TabWord) => void) {
    this.#name = name
    this.#desk = desk
    this.#clock = clock
    this.#identity = identity
    this.#onWord = onWord
    const stop = desk.watch(identity, (word) => this.#hear(word))
    this.#life.signal.addEventListener('abort', stop, { once: true })
    void this.#askUntilHeard()
  }

  /** The last that was heard; `null` before. */
  get word(): TabWord | null {
    return this.#word
  }

  /** Whether somebody wants this upload to stand still, in whichever tab they said so. */
  get isPaused(): boolean {
    return this.#paused
  }

  command(command: TabCommand): void {
    if (command !== 'cancel') this.#paused = command === 'pause'
    this.#desk.command(this.#identity, command)
  }

  /** The lock was given: resolves once it is known whether the other tab ended its upload, or has closed. */
  async settle(): Promise<void> {
    const word = this.#word
    if (word === null || word.id === null || hasEnded(word)) return
    const heard = new AbortController()
    this.#onEnd = () => heard.abort()
    this.#desk.ask(this.#identity, word.id)
    await this.#clock.sleep(settlePatience, heard.signal).catch(() => undefined)
  }

  stop(): void {
    this.#life.abort()
  }

  #hear(word: TabWord): void {
    if (word.name !== undefined && word.name !== this.#name) return
    this.#word = word
    this.#paused = word.state === 'paused'
    this.#onWord(word)
    if (hasEnded(word)) this.#onEnd()
  }

  async #askUntilHeard(): Promise<void> {
    for (let pause = firstAsk; this.#word === null && !this.#life.signal.aborted;) {
      this.#desk.ask(this.#identity, null)
      await this.#clock.sleep(pause, this.#life.signal).catch(() => undefined)
      pause = Math.min(longestAsk, pause * 2)
    }
  }
}
