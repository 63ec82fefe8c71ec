import type { FinishedUpload, LimitsAnswer, UnfinishedUpload, Uploader } from '@carryon/client'
import { nameMatches } from '../rows/name-matches.js'
import { memoLast } from '../store.js'

/** Number of finished uploads per request. */
const pageLength = 20
/** Number of finished uploads per request during a search. */
const searchLength = 200

/** This owner's earlier uploads, from the server's last answer. */
export class UploadRecords {
  readonly #uploader: Uploader
  readonly #changed: () => void
  #listed: readonly UnfinishedUpload[] = []
  readonly #forgotten = new Set<string>()
  #finished: readonly FinishedUpload[] = []
  #next: string | null = null
  #limits: LimitsAnswer | null = null
  #error: unknown = null
  #loaded = false
  /** Number of the newest request: the answer to an older one must not overwrite it. */
  #question = 0
  #query = ''
  #isSearching = false
  #names: ReadonlyMap<string, string> = new Map()
  /** Whether the server has listed the unfinished uploads at least once. */
  #answered = false

  readonly #left = memoLast((listed: readonly UnfinishedUpload[], forgotten: number) =>
    forgotten === 0 ? listed : listed.filter(({ id }) => !this.#forgotten.has(id)),
  )

  /** @param changed called once after each answer */
  constructor(uploader: Uploader, changed: () => void) {
    this.#uploader = uploader
    this.#changed = changed
  }

  /** Without uploads that this page removed; the same array until something changed. */
  get unfinished(): readonly UnfinishedUpload[] {
    return this.#left(this.#listed, this.#forgotten.size)
  }

  get finished(): readonly FinishedUpload[] {
    return this.#finished
  }

  /** Upload limits, from the last answer; `null` if unknown. */
  get limits(): LimitsAnswer | null {
    return this.#limits
  }

  /** Whether {@link UploadRecords.loadMore} can load more. */
  get hasMore(): boolean {
    return this.#next !== null
  }

  /** Why the records could not be loaded; `null` if they could. */
  get error(): unknown {
    return this.#error
  }

  /** Whether the records have been loaded completely at least once. */
  get loaded(): boolean {
    return this.#loaded
  }

  readonly refresh = async (): Promise<void> => {
    const mine = ++this.#question
    const [open, page, limits] = await Promise.allSettled([
      this.#uploader.unfinished(),
      this.#uploader.finished({ limit: pageLength }),
      this.#uploader.limits(),
    ])
    // If the server is unreachable, keep the list; before its first answer, list what this browser has recorded.
    const here = open.status === 'rejected' && !this.#answered ? await this.#knownHere() : null
    if (mine !== this.#question) return
    if (open.status === 'fulfilled') {
      this.#answered = true
      this.#listed = open.value
    } else if (here !== null) this.#listed = here
    if (page.status === 'fulfilled') {
      this.#finished = page.value.uploads
      this.#next = page.value.next
    }
    // If the limits are unknown, nothing is refused here; the server enforces them.
    if (limits.status === 'fulfilled') this.#limits = limits.value
    const failed = [open, page].find(({ status }) => status === 'rejected')
    this.#error = failed?.status === 'rejected' ? failed.reason : null
    this.#loaded ||= this.#error === null
    this.#changed()
  }

  readonly loadMore = (): Promise<void> => this.#load(this.#query === '' ? pageLength : searchLength)

  async #load(limit: number): Promise<void> {
    if (this.#next === null) return
    const mine = ++this.#question
    try {
      const page = await this.#uploader.finished({ limit, cursor: this.#next })
      if (mine !== this.#question) return
      this.#finished = [...this.#finished, ...page.uploads]
      this.#next = page.next
      this.#error = null
    } catch (cause) {
      if (mine !== this.#question) return
      this.#error = cause
    }
    this.#changed()
  }

  /** Renames a finished upload. @throws UploadError if that fails */
  async renameFinished(id: string, name: string): Promise<void> {
    const renamed = await this.#uploader.renameFinished(id, name)
    this.#finished = this.#finished.map((finished) => (finished.id === id ? renamed : finished))
    this.#names = new Map(this.#names).set(id, renamed.name)
    this.#changed()
  }

  /** Names that this page gave to finished uploads, by id. */
  get names(): ReadonlyMap<string, string> {
    return this.#names
  }

  /** Search words for finished uploads; empty when not searching. */
  get query(): string {
    return this.#query
  }

  /** Whether a search through pages of finished uploads is in progress. */
  get isSearching(): boolean {
    return this.#isSearching
  }

  /** Filters finished uploads by name, and loads earlier ones until a page of matches is found. */
  async search(query: string): Promise<void> {
    this.#query = query.trim()
    this.#changed()
    if (this.#isSearching) return
    this.#isSearching = this.#query !== ''
    while (this.#query !== '' && this.hasMore && this.#error === null && this.#found() < pageLength) {
      this.#changed()
      await this.#load(searchLength)
    }
    this.#isSearching = false
    this.#changed()
  }

  #found(): number {
    return this.#finished.filter(({ name }) => nameMatches(name, this.#query)).length
  }

  /** Removes a finished upload permanently. @throws UploadError if that fails */
  async removeFinished(id: string): Promise<void> {
    await this.#uploader.removeFinished(id)
    this.#finished = this.#finished.filter((finished) => finished.id !== id)
    this.#changed()
  }

  /** Removes an unfinished upload permanently. @throws UploadError if that fails */
  async discard(upload: UnfinishedUpload): Promise<void> {
    await upload.discard()
    this.forget(upload.id)
    this.#changed()
  }

  /**
   * Hides an upload that this page removed or resumed, because the last answer may be older. The caller reports the
   * change.
   */
  forget(id: string): void {
    this.#forgotten.add(id)
  }

  /** Lists a forgotten upload again. The caller reports the change. */
  recall(id: string): void {
    this.#forgotten.delete(id)
  }

  /** Ignores its own failure, because the server's failure is the one reported. */
  #knownHere(): Promise<readonly UnfinishedUpload[]> {
    return this.#uploader.unfinishedHere().catch(() => [])
  }
}
