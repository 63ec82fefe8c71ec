import type { FinishedUpload } from '@carryon/client'
import { nameMatches } from '../rows/name-matches.js'
import { browserStorage, readChoice, writeChoice, type ChoiceStorage } from '../storage.js'
import { memoLast } from '../store.js'
import type { UploadRecords } from './upload-records.js'

const storageKey = 'carryon-cleared'

/**
 * Uploads finished earlier, as this page lists them. Clearing hides everything up to a moment of the server's clock:
 * nothing is deleted, and other browsers still list it.
 */
export class FinishedList {
  readonly #records: UploadRecords
  readonly #storage: ChoiceStorage
  /** ISO time of the newest cleared upload; empty if nothing was cleared. */
  #clearedThrough: string

  readonly #listed = memoLast(
    (finished: readonly FinishedUpload[], rows: ReadonlySet<string>, query: string, clearedThrough: string) =>
      finished.filter(
        ({ id, name, finishedAt }) =>
          !rows.has(id) && nameMatches(name, query) && finishedAt > clearedThrough,
      ),
  )

  /** @param storage default: `localStorage`, where the browser allows it */
  constructor(records: UploadRecords, storage: ChoiceStorage = browserStorage()) {
    this.#records = records
    this.#storage = storage
    this.#clearedThrough = readChoice(storage, storageKey) ?? ''
  }

  /** Returns the same array until something changed. @param rows ids of uploads that this page shows elsewhere */
  uploads(rows: ReadonlySet<string>): readonly FinishedUpload[] {
    const { finished, query } = this.#records
    return this.#listed(finished, rows, query, this.#clearedThrough)
  }

  /** Whether there are earlier uploads to load. Everything older than a cleared upload is cleared too. */
  get hasMore(): boolean {
    const { hasMore, finished } = this.#records
    return hasMore && finished.every(({ finishedAt }) => finishedAt > this.#clearedThrough)
  }

  get isCleared(): boolean {
    return this.#clearedThrough !== ''
  }

  /**
   * Clears up to the newest finished upload on the server, because the server's clock decides what has finished by
   * now.
   */
  async clear(): Promise<void> {
    await this.#records.refresh()
    for (const { finishedAt } of this.#records.finished) {
      if (finishedAt > this.#clearedThrough) this.#clearedThrough = finishedAt
    }
    writeChoice(this.#storage, storageKey, this.#clearedThrough)
  }

  /** Lists cleared uploads again. */
  restore(): void {
    this.#clearedThrough = ''
    writeChoice(this.#storage, storageKey, '')
  }
}
