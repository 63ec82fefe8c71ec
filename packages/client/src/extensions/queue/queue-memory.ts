import { nextTask } from '../../async/next-task.js'
import type { Clock, FileSource } from '../../ports.js'
import type { UploadSnapshot } from '../../upload-types.js'
import { withStorageTimeout } from './storage-timeout.js'
import { inRows, marksOf, pickedFileOf, rowOf, withoutHandles } from './pick-records.js'
import type { FileMark, PickMarks, PickStore, StoredPick } from './pick-store.js'
import type { QueueLocks } from './queue-locks.js'
import { queuedFile } from './queued-file.js'
import type { FollowedUpload, QueuedFile } from './queued-file.js'

/**
 * Milliseconds of one task spent on reading sizes and times of files (0.1 to 1 ms each). Just below a long task:
 * larger slices finish sooner, and a kill before all files are noted loses the pick.
 */
const askingInOneTask = 35
/** Milliseconds for which changes are collected before a write. */
const gathering = 250

/** What {@link QueueMemory} needs. */
export interface QueueMemoryOptions {
  readonly store: PickStore
  readonly clock: Clock
  readonly locks: QueueLocks
  /** Unique id of this page. */
  readonly queue: string
  readonly scope: string
  /** Whether handles may be kept. */
  readonly keepsHandles: boolean
  /** Called when a pick could not be remembered. */
  readonly onForgetful: () => void
}

/**
 * Remembers files when they are picked, and forgets each when its upload has ended. All files of a pick are written
 * in one transaction: if the page is killed meanwhile, either all or none are remembered.
 */
export class QueueMemory {
  readonly #options: QueueMemoryOptions
  /** Files by pick id. */
  readonly #picks = new Map<string, readonly QueuedFile[]>()
  /** Remembered files whose upload has not been created yet. */
  readonly #announced = new Map<FileSource, QueuedFile[]>()
  readonly #followed = new WeakMap<object, QueuedFile>()
  /** Files that closed pages had begun, by the server's id; a file that was picked again is remembered twice. */
  readonly #begun = new Map<string, QueuedFile[]>()
  /** Files not written yet, in the order of the pick. */
  #fresh: QueuedFile[] = []
  readonly #changed = new Map<QueuedFile, FileMark>()
  #noting: Promise<void> | null = null
  #flushing: Promise<void> = Promise.resolve()
  #isDue = false
  #lastPick = 0
  #places = 0
  /** Whether writing has stopped: uploads change now only because the page is being left. */
  #closed = false

  constructor(options: QueueMemoryOptions) {
    this.#options = options
  }

  get files(): readonly QueuedFile[] {
    return [...this.#picks.values()].flat()
  }

  /** Resolves when the current picks are noted; `null` if there are none. */
  get noting(): Promise<void> | null {
    return this.#noting
  }

  /** Remembers files that are about to be uploaded. Resolves when they are remembered, or could not be. */
  async picked(files: Iterable<FileSource>): Promise<void> {
    // An earlier pick may still be noted: callers wait for both.
    const noting = Promise.all([this.#noting, this.#note([...files])]).then(() => undefined)
    this.#noting = noting
    try {
      await noting
    } finally {
      if (this.#noting === noting) this.#noting = null
    }
    await this.flush()
  }

  /** @param known its remembered file, if an earlier page picked it */
  follow(upload: FollowedUpload, isLeaving: () => boolean, known: QueuedFile | null): void {
    const file = known ?? this.#announcedOf(upload.file) ?? this.#single(upload.file)
    this.#followed.set(upload, file)
    file.upload = upload
    file.source = upload.file
    if (upload.metadata && upload.metadata !== file.metadata) {
      file.metadata = upload.metadata
      this.#mark(file, { metadata: upload.metadata })
    }
    const see = ({ state }: UploadSnapshot): void => {
      if (this.#closed || isLeaving() || file.ended) return
      const { id } = upload
      if (id !== null && id !== file.uploadId) {
        file.uploadId = id
        this.#mark(file, { uploadId: id })
      }
      if (state === 'done' || state === 'cancelled') {
        this.end(file)
        if (id !== null) this.endedAtServer(id)
        // A cancelled upload must not return, even if the page closes at once.
        if (state === 'cancelled') void this.flush()
      } else this.#hold(file, state === 'paused' || state === 'failed')
    }
    upload.on('change', see)
    see(upload.snapshot)
  }

  /** Marks the file as ended. */
  end(file: QueuedFile): void {
    if (file.ended) return
    file.ended = true
    this.#mark(file, { ended: true })
  }

  /** The user removed the upload from the page's list. */
  dismissed(upload: object): void {
    const file = this.#followed.get(upload)
    if (file !== undefined) this.end(file)
  }

  /** Ends the files of an upload that is done at the server, or no longer there. */
  endedAtServer(id: string): void {
    for (const file of this.#begun.get(id) ?? []) this.end(file)
  }

  /** Takes over the pick of a closed page. */
  adopt(pick: StoredPick, marks: PickMarks): void {
    if (this.#picks.has(pick.id)) return
    const { pickedAt } = pick
    const files = pick.files.map((picked, index): QueuedFile =>
      Object.assign(
        queuedFile({ key: { pick: pick.id, index }, picked, pickedAt, place: pick.first + index }),
        marks[index],
      ),
    )
    this.#picks.set(pick.id, files)
    for (const file of files) {
      if (file.uploadId === null) continue
      this.#begun.set(file.uploadId, [...(this.#begun.get(file.uploadId) ?? []), file])
    }
  }

  close(): void {
    this.#closed = true
  }

  reopen(): void {
    this.#closed = false
  }

  /** Writes all changes. Resolves when they are written, or could not be. */
  flush(): Promise<void> {
    const flushed = this.#flushing.then(() => this.#write())
    this.#flushing = flushed
    return flushed
  }

  async #write(): Promise<void> {
    const added = this.#rowsOfFresh()
    const changed = [...this.#changed].filter(([{ key }]) => key.pick !== '')
    this.#changed.clear()
    if (added.length === 0 && changed.length === 0) return
    const { store, clock, locks, queue, onForgetful } = this.#options
    const marks = marksOf(changed)
    const removed = [...marks.keys()].filter(
      (id) => this.#picks.get(id)?.every(({ ended }) => ended) ?? false,
    )
    try {
      // Without this lock other pages would consider this page closed and take over its files.
      if (added.length > 0) await locks.take(queue)
      const change = { added, marks, removed }
      await withStorageTimeout(
        () => store.write(change).catch(() => store.write({ ...change, added: added.map(withoutHandles) })),
        clock,
      )
    } catch {
      // Retried with the next change.
      for (const [file, mark] of changed) this.#changed.set(file, { ...mark, ...this.#changed.get(file) })
      if (added.length > 0) onForgetful()
      return
    }
    for (const id of removed) this.#picks.delete(id)
    const copies = changed.flatMap(([file]) => (file.ended && file.copied ? [file.key] : []))
    // If this fails, a later page removes the copies, because they belong to no pick.
    if (copies.length > 0) void store.dropCopies(copies).catch(() => undefined)
  }

  /** Reading a file's size and time asks the browser process, so thousands of files are split over several tasks. */
  async #note(sources: readonly FileSource[]): Promise<void> {
    const { clock } = this.#options
    const queued: QueuedFile[] = []
    let began = clock.now()
    for (const source of sources) {
      if (clock.now() - began >= askingInOneTask) {
        await nextTask()
        began = clock.now()
      }
      const file = this.#newFile(source)
      queued.push(file)
      this.#announced.set(source, [...(this.#announced.get(source) ?? []), file])
    }
    // Added in one step, so that they are written together.
    for (const file of queued) this.#fresh.push(file)
  }

  #announcedOf(source: FileSource): QueuedFile | null {
    const [file, ...others] = this.#announced.get(source) ?? []
    if (others.length > 0) this.#announced.set(source, others)
    else this.#announced.delete(source)
    return file ?? null
  }

  #single(source: FileSource): QueuedFile {
    const file = this.#newFile(source)
    this.#fresh.push(file)
    this.#flushSoon()
    return file
  }

  #newFile(source: FileSource): QueuedFile {
    const { keepsHandles, clock } = this.#options
    const file = queuedFile({
      // Set when the file's row is made.
      key: { pick: '', index: 0 },
      picked: pickedFileOf(source, keepsHandles),
      pickedAt: clock.wallTime(),
      place: this.#places++,
    })
    file.source = source
    return file
  }

  /** Makes rows for the files that have none yet. */
  #rowsOfFresh(): readonly StoredPick[] {
    const fresh = this.#fresh.filter(({ ended }) => !ended)
    this.#fresh = []
    const { queue, scope } = this.#options
    return inRows(fresh).map((files) => {
      const id = `${queue}/${++this.#lastPick}`
      for (const [index, file] of files.entries()) file.key = { pick: id, index }
      this.#picks.set(id, files)
      return rowOf(files, { id, queue, scope })
    })
  }

  #hold(file: QueuedFile, held: boolean): void {
    if (file.held === held) return
    file.held = held
    this.#mark(file, { held })
  }

  #mark(file: QueuedFile, mark: FileMark): void {
    this.#changed.set(file, { ...this.#changed.get(file), ...mark })
    this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#isDue || this.#closed) return
    this.#isDue = true
    // Files that were not announced by `picked`, but added in the same task, are written together.
    const wait = this.#fresh.length > 0 ? 0 : gathering
    void this.#options.clock.sleep(wait).then(() => {
      this.#isDue = false
      return this.flush()
    })
  }
}
