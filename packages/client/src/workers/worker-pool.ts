import type { Crc64Part } from '@carryon/hash'
import { loadChunk } from '../async/load-chunk.js'
import type { DigestName, Digests, Hasher, PartTransport, PutAnswer, PutRequest } from '../ports.js'
import { TransportError } from '../ports.js'
import type * as sameThread from './same-thread.js'
import { sizeOfAll } from './size-of-all.js'
import { startWorker } from './start-worker.js'
import type { WorkerSource } from './start-worker.js'
import { WorkerThread } from './worker-thread.js'

/** How much the sending thread may hash without delaying other work: about 10 ms. Bytes. */
const littleToHash = 4 * 1024 * 1024

/**
 * Sends and hashes. In browsers it uses workers: one for sending (and hashing what is sent), up to `hashers` for parts
 * found in the store, and one for local copies. If there is no `Worker`, or none can be started, the calling thread
 * does the work.
 */
export class WorkerPool implements PartTransport, Hasher {
  readonly sendsForms = true
  readonly #maxHashThreads: number
  readonly #source: WorkerSource | undefined
  #sender: WorkerThread | null = null
  #copier: WorkerThread | null = null
  #hashThreads: WorkerThread[] = []
  /** Whether a worker could not be started; no more are started then. */
  #isShort = typeof Worker === 'undefined'
  /** The first worker whose script runs; it takes over the work of those that do not start. */
  #ready: WorkerThread | null = null

  /**
   * @param hashers maximum number of threads that only hash, 1 or more
   * @param source script of the workers; `undefined` for the one from the page's build
   */
  constructor(hashers: number, source?: WorkerSource) {
    this.#maxHashThreads = hashers
    this.#source = source
  }

  /** Starts the sending worker now, so that it is ready when the first file is picked. */
  warmUp(): void {
    if (this.#isShort) return
    try {
      this.#sender ??= this.#startThread()
    } catch {
      // No worker can be started; the first job handles that.
    }
  }

  put(request: PutRequest, signal: AbortSignal): Promise<PutAnswer> {
    return this.#orHere(
      () => (this.#sender ??= this.#startThread()).put(request, signal),
      ({ putHere }) => putHere(request, signal),
    )
  }

  hash(slices: readonly Blob[], digests: readonly DigestName[], signal: AbortSignal): Promise<Digests> {
    return this.#orHere(
      () => this.#hashThread(sizeOfAll(slices)).hash(slices, digests, signal),
      ({ digestSlices }) => digestSlices(slices, digests, signal),
    )
  }

  /** Copies `slice` into the private file system, in a separate thread, so that sending does not wait for the disk. */
  copy(...block: Parameters<WorkerThread['copy']>): Promise<readonly Crc64Part[]> {
    return (this.#copier ??= this.#startThread()).copy(...block)
  }

  close(): void {
    for (const thread of [this.#sender, this.#copier, ...this.#hashThreads]) thread?.close()
    this.#sender = null
    this.#copier = null
    this.#ready = null
    this.#hashThreads = []
  }

  async #orHere<T>(inWorker: () => Promise<T>, here: (chunk: typeof sameThread) => Promise<T>): Promise<T> {
    try {
      return await inWorker()
    } catch (error) {
      const isUnusable = error instanceof TransportError && error.reason === 'unsupported' && this.#isShort
      if (!isUnusable) throw error
      if (this.#ready !== null) return inWorker()
      return here(await loadChunk(() => import('./same-thread.js')))
    }
  }

  /** Throws a `TransportError` `unsupported` if no worker can be started and none runs. */
  #startThread(): WorkerThread {
    let cause: unknown
    try {
      if (!this.#isShort) {
        const thread = new WorkerThread(startWorker(this.#source), (runs) => this.#started(thread, runs))
        return thread
      }
    } catch (error) {
      this.#isShort = true
      cause = error
    }
    if (this.#ready !== null) return this.#ready
    throw new TransportError('unsupported', 'The page may start no worker.', cause)
  }

  #started(thread: WorkerThread, runs: boolean): void {
    if (runs) {
      this.#ready ??= thread
      return
    }
    this.#isShort = true
    if (this.#sender === thread) this.#sender = null
    if (this.#copier === thread) this.#copier = null
    this.#hashThreads = this.#hashThreads.filter((one) => one !== thread)
  }

  /**
   * The sending thread if it has little to hash, as when files are identified; else the least busy of the others.
   * Sending takes a thread almost no time, and starting another thread costs as much as hashing dozens of files.
   */
  #hashThread(size: number): WorkerThread {
    const sender = this.#sender
    if (sender !== null && (sender.toHash === 0 || sender.toHash + size <= littleToHash)) return sender
    const [least] = this.#hashThreads.sort((a, b) => a.toHash - b.toHash)
    const isFull = this.#hashThreads.length === this.#maxHashThreads
    if (least !== undefined && (isFull || least.toHash === 0)) return least
    const thread = this.#startThread()
    this.#hashThreads.push(thread)
    return thread
  }
}
