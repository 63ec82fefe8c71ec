import type { FinishedUpload } from '@carryon/client'
import { browserStorage, readChoice, writeChoice, type ChoiceStorage } from '../storage.js'

const storageKey = 'carryon-cleared'

/**
 * Which finished uploads a person has taken off the list: all up to a moment of the server's clock. Nothing is deleted, and
 * other browsers show them as before.
 */
export class ClearedList {
  readonly #storage: ChoiceStorage
  /** ISO time of the newest that was cleared; empty: none. */
  #through: string

  /** @param storage default: `localStorage`, where the browser allows it */
  constructor(storage: ChoiceStorage = browserStorage()) {
    this.#storage = storage
    this.#through = readChoice(storage, storageKey) ?? ''
  }

  get isCleared(): boolean {
    return this.#through !== ''
  }

  /** Clears up to the newest of them. */
  clear(finished: readonly FinishedUpload[]): void {
    for (const { finishedAt } of finished) if (finishedAt > this.#through) this.#through = finishedAt
    writeChoice(this.#storage, storageKey, this.#through)
  }

  /** Shows all again. */
  restore(): void {
    this.#through = ''
    writeChoice(this.#storage, storageKey, '')
  }

  has({ finishedAt }: FinishedUpload): boolean {
    return finishedAt <= this.#through
  }
}
