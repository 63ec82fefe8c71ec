import { failsWhenChanged, smallFileSize, wholeOf } from '../../content/fingerprint.js'
import type { Clock, FileSource, Hasher } from '../../ports.js'
import type { PickStore } from './pick-store.js'
import { hasNotBegun } from './queued-file.js'
import type { QueuedFile } from './queued-file.js'

/** Milliseconds to wait before estimating whether the queue will be sent soon. */
const lookFirst = 1_000
/** Milliseconds: a queue that will be sent within this time is not worth copying. */
const soon = 5_000
/** Milliseconds between checks for free space. */
const lookAgain = 30_000
/** Most files, and most bytes, that are copied in one transaction. */
const filesAtOnce = 32
const bytesAtOnce = 16 * 2 ** 20

/** What {@link QueueCopies} needs. */
export interface QueueCopiesOptions {
  readonly store: PickStore
  readonly clock: Clock
  readonly hasher: Pick<Hasher, 'hash'>
  /** Most bytes of all copies, however much space is free. */
  readonly limit: number
  /** Bytes of copies that other code makes within that limit. */
  readonly others: () => number
  readonly files: () => readonly QueuedFile[]
  /** Called once a file has been copied. */
  readonly onCopied: (source: FileSource) => void
}

/**
 * Copies waiting files that have no handle, so that a later page can upload them without a pick.
 *
 * The smallest first, because that saves the most files per byte of storage and disk time, and a user who loses files
 * has to find and pick each again. Of equal ones the last first, because sending starts from the front. A large file
 * that has begun is left to `local-copies`, which copies only unsent bytes. Copying gives way to sending: it rests as
 * long as it worked, and does not begin while the queue will be sent within seconds.
 */
export class QueueCopies {
  readonly #options: QueueCopiesOptions
  readonly #tried = new WeakSet<QueuedFile>()
  readonly #life = new AbortController()
  #running = false
  /** Files that may be copied, in copying order; `null` after files were added. */
  #candidates: readonly QueuedFile[] | null = null
  /** Bytes that are being copied. */
  #copying = 0

  constructor(options: QueueCopiesOptions) {
    this.#options = options
  }

  /** Bytes of all copies, including those of earlier pages and those being written. */
  get bytes(): number {
    const copied = this.#options.files().filter((file) => file.copied && !file.ended)
    return this.#copying + sizeOf(copied)
  }

  /** Starts copying if there may be something to copy. */
  look(): void {
    this.#candidates = null
    if (this.#running || this.#options.limit <= 0 || this.#life.signal.aborted) return
    this.#running = true
    this.#run()
      .catch(() => undefined)
      .finally(() => {
        this.#running = false
      })
  }

  close(): void {
    this.#life.abort(new Error('The page goes.'))
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    const { signal } = this.#life
    const began = clock.now()
    const before = this.#bytesLeft()
    await clock.sleep(lookFirst, signal)
    for (;;) {
      this.#candidates = (this.#candidates ?? this.#inOrder()).filter((file) => this.#isCandidate(file))
      const wanted = this.#candidates.filter(isReady)
      if (wanted.length === 0) return
      const left = this.#bytesLeft()
      const elapsed = clock.now() - began
      if (before > left && (left / (before - left)) * elapsed < soon) {
        await clock.sleep(lookFirst, signal)
        continue
      }
      const batch = await this.#fitting(wanted)
      if (batch.length === 0) {
        await clock.sleep(lookAgain, signal)
        continue
      }
      const started = clock.now()
      await this.#copy(batch).finally(() => (this.#copying = 0))
      await clock.sleep(Math.max(1, clock.now() - started), signal)
    }
  }

  /** Bytes of all files that this page still has to send. */
  #bytesLeft(): number {
    return this.#options
      .files()
      .reduce((sum, { upload, ended, picked }) => (upload === null || ended ? sum : sum + picked.size), 0)
  }

  #inOrder(): readonly QueuedFile[] {
    return [...this.#options.files()].sort((a, b) => a.picked.size - b.picked.size || b.place - a.place)
  }

  #isCandidate(file: QueuedFile): boolean {
    const { picked, source, ended, copied } = file
    return !ended && !copied && source !== null && picked.handle === undefined && !this.#tried.has(file)
  }

  /** The next files that fit into the free space; empty if the smallest does not fit. */
  async #fitting(wanted: readonly QueuedFile[]): Promise<readonly QueuedFile[]> {
    const { store, limit, others } = this.#options
    const left = (await store.freeSpace().catch(() => 0)) / 2
    const space = Math.min(limit - this.bytes - others(), left)
    const batch: QueuedFile[] = []
    let bytes = 0
    for (const file of wanted) {
      bytes += file.picked.size
      const isEnough = batch.length > 0 && (bytes > bytesAtOnce || batch.length >= filesAtOnce)
      if (isEnough || bytes > space) break
      batch.push(file)
    }
    this.#copying = sizeOf(batch)
    return batch
  }

  async #copy(batch: readonly QueuedFile[]): Promise<void> {
    const { store, onCopied } = this.#options
    for (const file of batch) this.#tried.add(file)
    const copies = batch.flatMap(({ key, source }) => (source === null ? [] : [{ key, file: source }]))
    try {
      await store.keepCopies(copies)
      if (!(await this.#isOneState(batch))) throw new Error('A file was changed while it was copied.')
    } catch {
      // One unreadable file fails the whole batch, so each file is tried once separately.
      await store.dropCopies(copies.map(({ key }) => key)).catch(() => undefined)
      if (batch.length > 1) for (const file of batch) await this.#copy([file])
      return
    }
    for (const file of batch) {
      if (file.ended) {
        await store.dropCopies([file.key])
        continue
      }
      file.copied = true
      if (file.source !== null) onCopied(file.source)
    }
  }

  /**
   * Whether the copies equal the files' present content. The files are read again after the copies were made: equal
   * bytes prove that nothing changed in between. Files whose reads fail after a change need no such proof.
   */
  async #isOneState(batch: readonly QueuedFile[]): Promise<boolean> {
    const { store, hasher } = this.#options
    const copies: Blob[] = []
    const sources: Blob[] = []
    for (const { key, picked, source } of batch) {
      if (source === null || failsWhenChanged(source)) continue
      const copy = await store.copyOf(key, picked)
      if (copy === null) return false
      copies.push(wholeOf(copy))
      sources.push(wholeOf(source))
    }
    if (sources.length === 0) return true
    const { signal } = this.#life
    const [kept, read] = await Promise.all([
      hasher.hash(copies, ['crc64ecma'], signal),
      hasher.hash(sources, ['crc64ecma'], signal),
    ])
    return kept.crc64 === read.crc64 && kept.size === read.size
  }
}

function sizeOf(files: readonly QueuedFile[]): number {
  return files.reduce((sum, { picked }) => sum + picked.size, 0)
}

/** Remembered, and small or still waiting. `local-copies` copies the unsent bytes of a large file that has begun. */
function isReady(file: QueuedFile): boolean {
  if (file.key.pick === '' || file.upload === null) return false
  return file.picked.size <= smallFileSize || hasNotBegun(file)
}
