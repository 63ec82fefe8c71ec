import { UploadError, type UnfinishedUpload, type Upload } from '@carryon/client'
import type { ChoiceStorage } from '../storage.js'
import type { AddedTogether } from './duplicate-questions.js'
import { rememberedChoice, type RememberedChoice } from './remembered-choice.js'

/** Milliseconds in which a reader sees what is about to go on, and may choose otherwise. */
const forewarning = 2_000
/** Copies that are looked for at once when many files go on: each is a question to the disk. */
const atOnce = 8

/** What an {@link AutoResume} needs. */
export interface AutoResumeOptions {
  /** As it is listed now. */
  readonly unfinished: () => readonly UnfinishedUpload[]
  /** Called with what goes on now. */
  readonly took: (unfinished: UnfinishedUpload, upload: Upload) => void
  /** Begins what goes on together. */
  readonly together: () => AddedTogether
  /** Called when `automatic` or `troubles` is another one. */
  readonly changed: () => void
  /** Where the choice is remembered. Default: `localStorage`, where the browser allows it. */
  readonly storage?: ChoiceStorage
}

/** How unfinished uploads go on without a file being picked. */
export class AutoResume {
  readonly #options: AutoResumeOptions
  readonly #automatic: RememberedChoice
  #troubles: ReadonlyMap<string, UploadError> = new Map()
  /** Each goes on by itself once: should it fail, a reader has to say how. */
  readonly #tried = new Set<string>()
  /** By id: what goes on when the timer says so. Those that are listed together have one. */
  readonly #due = new Set<string>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #isStarted = false
  /** The list that was looked at last. */
  #followed: readonly UnfinishedUpload[] | null = null

  constructor(options: AutoResumeOptions) {
    this.#options = options
    this.#automatic = rememberedChoice('carryon-automatic', true, options.storage)
  }

  /** Whether those that can go on by themselves do. */
  get automatic(): boolean {
    return this.#automatic.get()
  }

  /** Why one could not go on, by its id. */
  get troubles(): ReadonlyMap<string, UploadError> {
    return this.#troubles
  }

  /** Chooses whether those that can go on by themselves do; it is remembered. */
  choose(automatic: boolean): void {
    this.#automatic.set(automatic)
    this.#followed = null
    this.#options.changed()
    this.follow()
  }

  /** From now on they go on by themselves. */
  start(): void {
    this.#isStarted = true
    this.#followed = null
    this.follow()
  }

  /** None goes on by itself any more, nor begins that was waiting for its turn. */
  stop(): void {
    this.#isStarted = false
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#due.clear()
  }

  /** What is unfinished has changed. */
  follow(): void {
    if (!this.#isStarted || !this.automatic) return
    const unfinished = this.#options.unfinished()
    if (unfinished === this.#followed) return
    this.#followed = unfinished
    const soon = unfinished.filter((upload) => this.#mayResume(upload) && !this.#due.has(upload.id))
    if (soon.length > 0) this.#resumeSoon(new Set(soon.map(({ id }) => id)))
  }

  /** Goes on without a pick. Call it when a button was just clicked: the browser may have to ask for permission. */
  async resumeOne(
    upload: UnfinishedUpload,
    { beginLater }: AddedTogether = this.#options.together(),
  ): Promise<void> {
    this.#tried.add(upload.id)
    this.#setTrouble(upload.id, null)
    try {
      this.#options.took(upload, await beginLater((options) => upload.resume(undefined, options)))
    } catch (error) {
      if (!(error instanceof UploadError)) throw error
      this.#setTrouble(upload.id, error)
    }
  }

  /**
   * As `resumeOne` for several, one after the other: a browser asks once, and gives the permission for all. Ends with the
   * first that is refused.
   */
  async resumeAll(uploads: readonly UnfinishedUpload[]): Promise<void> {
    const beginning = this.#options.together()
    for (const upload of uploads) {
      // Each was listed when this began: another tab, or a pick, may have it by now.
      if (!this.#isStarted) return
      if (!this.#options.unfinished().some(({ id }) => id === upload.id)) continue
      await this.resumeOne(upload, beginning)
      if (this.#troubles.get(upload.id)?.code === 'permission-denied') return
    }
  }

  /** Does not go on by itself any more. */
  leaveAlone({ id }: UnfinishedUpload): void {
    this.#tried.add(id)
  }

  #setTrouble(id: string, error: UploadError | null): void {
    if (error === null && !this.#troubles.has(id)) return
    const others = [...this.#troubles].filter(([other]) => other !== id)
    this.#troubles = new Map(error === null ? others : [...others, [id, error]])
    this.#options.changed()
  }

  #resumeSoon(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#due.add(id)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      for (const id of ids) this.#due.delete(id)
      if (!this.automatic) return
      const beginning = this.#options.together()
      const left = [...ids]
      const resumeInTurn = async (): Promise<void> => {
        for (let id = left.shift(); id !== undefined; id = left.shift()) {
          if (!this.#isStarted || !this.automatic) return
          // As it stands now: until its turn it may have been taken up, discarded or paused.
          const upload = this.#options.unfinished().find((one) => one.id === id)
          if (upload !== undefined && this.#mayResume(upload)) await this.resumeOne(upload, beginning)
        }
      }
      for (let turn = 0; turn < atOnce; turn += 1) void resumeInTurn()
    }, forewarning)
    this.#timers.add(timer)
  }

  #mayResume({ id, needs, paused }: UnfinishedUpload): boolean {
    return needs === 'nothing' && !paused && !this.#tried.has(id)
  }
}
