import { UploadError, type UnfinishedUpload, type Upload } from '@carryon/client'
import type { ChoiceStorage } from '../storage.js'
import type { AddedTogether } from './duplicate-questions.js'
import { rememberedChoice, type RememberedChoice } from './remembered-choice.js'

/** Milliseconds during which the user can see which uploads are about to resume and prevent it. */
const forewarning = 2_000
/** How many uploads look for their local copies at once; each lookup accesses the disk. */
const atOnce = 8

/** What an {@link AutoResume} needs. */
export interface AutoResumeOptions {
  /** The current list. */
  readonly unfinished: () => readonly UnfinishedUpload[]
  /** Called with each upload that was resumed. */
  readonly took: (unfinished: UnfinishedUpload, upload: Upload) => void
  /** Begins uploads that are resumed together. */
  readonly together: () => AddedTogether
  /** Called when `automatic` or `troubles` has changed. */
  readonly changed: () => void
  /** Where the choice is remembered. Default: `localStorage`, where the browser allows it. */
  readonly storage?: ChoiceStorage
}

/** Resumes unfinished uploads without picking their files again. */
export class AutoResume {
  readonly #options: AutoResumeOptions
  readonly #automatic: RememberedChoice
  #troubles: ReadonlyMap<string, UploadError> = new Map()
  /** Ids that were tried: each upload resumes automatically only once; after a failure the user decides. */
  readonly #tried = new Set<string>()
  /** Ids of uploads that resume when their timer fires. Uploads listed together share a timer. */
  readonly #due = new Set<string>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #isStarted = false
  /** The list that was processed last. */
  #followed: readonly UnfinishedUpload[] | null = null

  constructor(options: AutoResumeOptions) {
    this.#options = options
    this.#automatic = rememberedChoice('carryon-automatic', true, options.storage)
  }

  /** Whether unfinished uploads resume automatically where they can. */
  get automatic(): boolean {
    return this.#automatic.get()
  }

  /** Why an upload could not be resumed, by its id. */
  get troubles(): ReadonlyMap<string, UploadError> {
    return this.#troubles
  }

  /** Chooses whether unfinished uploads resume automatically where they can; the choice is remembered. */
  choose(automatic: boolean): void {
    this.#automatic.set(automatic)
    this.#followed = null
    this.#options.changed()
    this.follow()
  }

  /** Starts resuming uploads automatically. */
  start(): void {
    this.#isStarted = true
    this.#followed = null
    this.follow()
  }

  /** Stops automatic resuming, also for uploads that were waiting for their turn. */
  stop(): void {
    this.#isStarted = false
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#due.clear()
  }

  /** Schedules what can be resumed. Call it when the unfinished list has changed. */
  follow(): void {
    if (!this.#isStarted || !this.automatic) return
    const unfinished = this.#options.unfinished()
    if (unfinished === this.#followed) return
    this.#followed = unfinished
    const soon = unfinished.filter((upload) => this.#mayResume(upload) && !this.#due.has(upload.id))
    if (soon.length > 0) this.#resumeSoon(new Set(soon.map(({ id }) => id)))
  }

  /**
   * Resumes without picking the file again. Call it in a click handler: the browser may have to ask for permission.
   */
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
   * Like `resumeOne` for several uploads, one after the other: the browser asks once and grants permission for all.
   * Stops at the first refusal.
   */
  async resumeAll(uploads: readonly UnfinishedUpload[]): Promise<void> {
    const beginning = this.#options.together()
    for (const upload of uploads) {
      // The list is that of the beginning: another tab or a pick may have resumed the upload meanwhile.
      if (!this.#isStarted) return
      if (!this.#options.unfinished().some(({ id }) => id === upload.id)) continue
      await this.resumeOne(upload, beginning)
      if (this.#troubles.get(upload.id)?.code === 'permission-denied') return
    }
  }

  /** Excludes this upload from automatic resuming. */
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
          // Look the upload up again: while it waited for its turn it may have been resumed, discarded or paused.
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
