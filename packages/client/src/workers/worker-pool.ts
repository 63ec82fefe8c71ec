import type { Crc64Part } from '@carryon/hash'
import { loadChunk } from '../async/load-chunk.js'
import type { DigestName, Digests, Hasher, PartTransport, PutAnswer, PutRequest } from '../ports.js'
import { TransportError } from '../ports.js'
import type * as sameThread from './same-thread.js'
import { sizeOfAll } from './size-of-all.js'
import { startWorker } from './start-worker.js'
import type { WorkerSource } from './start-worker.js'
import { WorkerThread } from './worker-thread.js'

/** What the sending thread hashes beside its work without anybody waiting for it: some 10 ms. Bytes. */
const littleToHash = 4 * 1024 * 1024

/**
 * Sends and hashes: in browsers in workers, one for sending (with the hashing of what is sent), up to `hashers` for
 * parts found in the store, and one that copies what is to be kept. Where there is no `Worker`, or it cannot be started,
 * the calling thread does it.
 */
export class WorkerPool implements PartTransport, Hasher {
  readonly sendsForms = true
  readonly #maxHashThreads: number
  readonly #source: WorkerSource | undefined
  #sender: WorkerThread | null = null
  #copier: WorkerThread | null = null
  #hashThreads: WorkerThread[] = []
  /** Whether one could not be started: then no more are. */
  #isShort = typeof Worker === 'undefined'
  /** The first whose script runs: it does the work of those whose script does not. */
  #ready: WorkerThread | null = null

  /**
   * @param hashers most threads that only hash, 1 or more
   * @param source of the workers; `undefined`: where the page's build has put it
   */
  constructor(hashers: number, source?: WorkerSource) {
    this.#maxHashThreads = hashers
    this.#source = source
  }

  /** Starts the sending worker now, so that it is there when the first file is picked. */
  warmUp(): void {
    if (this.#isShort) return
    try {
      this.#sender ??= this.#startThread()
    } catch {
      // There are no workers here: the first job is done without.
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

  /** Copies `slice` into the private file system, in a thread of its own: sending waits for no disk. */
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

  /** Throws a `TransportError` `unsupported` where none can be started, and none runs. */
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
   * The sender while it has little to hash, as when files are identified; else the least busy of the others. Sending
   * itself takes a thread next to nothing, and one more costs what hashing dozens of files does.
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
