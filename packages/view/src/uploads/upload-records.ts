import type { FinishedUpload, LimitsAnswer, UnfinishedUpload, Uploader } from '@carryon/client'
import { nameMatches } from '../rows/name-matches.js'
import { memoLast } from '../store.js'

/** Finished uploads asked for at once. */
const pageLength = 20
/** Asked for at once while something is searched. */
const searchLength = 200

/** What the server knows of this owner's earlier uploads, as of the last answer. */
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
  /** The answer of an older question must not overwrite that of a newer one. */
  #question = 0
  #query = ''
  #isSearching = false
  #names: ReadonlyMap<string, string> = new Map()
  /** Whether the server has told once what is unfinished. */
  #answered = false

  readonly #left = memoLast((listed: readonly UnfinishedUpload[], forgotten: number) =>
    forgotten === 0 ? listed : listed.filter(({ id }) => !this.#forgotten.has(id)),
  )

  /** @param changed called once for all that an answer brought */
  constructor(uploader: Uploader, changed: () => void) {
    this.#uploader = uploader
    this.#changed = changed
  }

  /** Without what this page has removed; the same array until something changed. */
  get unfinished(): readonly UnfinishedUpload[] {
    return this.#left(this.#listed, this.#forgotten.size)
  }

  get finished(): readonly FinishedUpload[] {
    return this.#finished
  }

  /** What may be uploaded, as of the last answer; `null`: nobody told. */
  get limits(): LimitsAnswer | null {
    return this.#limits
  }

  /** Whether {@link UploadRecords.loadMore} has more to bring. */
  get hasMore(): boolean {
    return this.#next !== null
  }

  /** Why it could not be asked; `null` when it could. */
  get error(): unknown {
    return this.#error
  }

  /** Whether all was answered once. */
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
    // While the server is away what is listed stays, and at first there is what this browser knows.
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
    // Not known, nothing is refused here: the server does that.
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

  /** Gives a finished upload another name. @throws UploadError when that does not get through */
  async renameFinished(id: string, name: string): Promise<void> {
    const renamed = await this.#uploader.renameFinished(id, name)
    this.#finished = this.#finished.map((finished) => (finished.id === id ? renamed : finished))
    this.#names = new Map(this.#names).set(id, renamed.name)
    this.#changed()
  }

  /** Names that this page has given to finished uploads, by id. */
  get names(): ReadonlyMap<string, string> {
    return this.#names
  }

  /** What is searched among the finished; empty: nothing. */
  get query(): string {
    return this.#query
  }

  /** Whether pages of finished uploads are being looked through. */
  get isSearching(): boolean {
    return this.#isSearching
  }

  /** Shows of the finished those whose name matches, and looks through earlier ones until there are enough. */
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

  /** Removes a finished upload for good. @throws UploadError when that does not get through */
  async removeFinished(id: string): Promise<void> {
    await this.#uploader.removeFinished(id)
    this.#finished = this.#finished.filter((finished) => finished.id !== id)
    this.#changed()
  }

  /** Removes an unfinished upload for good. @throws UploadError when that does not get through */
  async discard(upload: UnfinishedUpload): Promise<void> {
    await upload.discard()
    this.forget(upload.id)
    this.#changed()
  }

  /** This page removed it, or took it up for good: an answer that still has it is of before. Whoever calls it tells of it. */
  forget(id: string): void {
    this.#forgotten.add(id)
  }

  /** What was forgotten is still there. Whoever calls it tells of it. */
  recall(id: string): void {
    this.#forgotten.delete(id)
  }

  /** It is the server's failure that is told. */
  #knownHere(): Promise<readonly UnfinishedUpload[]> {
    return this.#uploader.unfinishedHere().catch(() => [])
  }
}
