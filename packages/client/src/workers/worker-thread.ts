import type { Crc64Part, Crc64Type } from '@carryon/hash'
import { reasonOf } from '../async/clock.js'
import type { Digests, DigestName, PutAnswer, PutRequest } from '../ports.js'
import { TransportError } from '../ports.js'
import { sizeOfAll } from './size-of-all.js'
import type { WorkerAnswer, WorkerRequest } from './worker-messages.js'

type Job =
  Exclude<WorkerRequest, { kind: 'abort' }> extends infer Request
    ? Request extends { readonly id: number }
      ? Omit<Request, 'id'>
      : never
    : never

interface Pending {
  /** Bytes to hash for this job. */
  readonly toHash: number
  readonly onProgress: (sent: number) => void
  readonly resolve: (answer: WorkerAnswer) => void
  readonly reject: (error: Error) => void
}

/** One worker and its jobs. Jobs reject with a `TransportError`, or with the signal's reason. */
export class WorkerThread {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #ready = false
  readonly #onStarted: (runs: boolean) => void

  /**
   * @param onStarted called when the script runs or cannot be loaded; in the second case pending jobs reject afterwards
   */
  constructor(worker: Worker, onStarted: (runs: boolean) => void) {
    this.#worker = worker
    this.#onStarted = onStarted
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => this.#receive(data)
    this.#worker.onerror = (event) => {
      event.preventDefault()
      if (!this.#ready) onStarted(false)
      this.#rejectAll(
        new TransportError(this.#ready ? 'network' : 'unsupported', 'The worker failed.', event.error),
      )
    }
  }

  /** Bytes that pending jobs have to hash. */
  get toHash(): number {
    let bytes = 0
    for (const { toHash } of this.#pending.values()) bytes += toHash
    return bytes
  }

  async put(request: PutRequest, signal: AbortSignal): Promise<PutAnswer> {
    const { onProgress, ...wire } = request
    const answer = await this.#run(
      { kind: 'put', ...wire },
      signal,
      wire.digests.length * wire.body.size,
      onProgress,
    )
    if (answer.kind !== 'put') throw new TypeError(`The worker answered ${answer.kind} to put.`)
    return answer.answer
  }

  async hash(slices: readonly Blob[], digests: readonly DigestName[], signal: AbortSignal): Promise<Digests> {
    const answer = await this.#run({ kind: 'hash', slices, digests }, signal, sizeOfAll(slices))
    if (answer.kind !== 'hash') throw new TypeError(`The worker answered ${answer.kind} to hash.`)
    return answer.digests
  }

  /** Copies `slice` into the private file system; resolves with the CRC-64 of each grain. */
  async copy(
    folder: string,
    name: string,
    slice: Blob,
    crc64Type: Crc64Type,
    grain: number,
    signal: AbortSignal,
  ): Promise<readonly Crc64Part[]> {
    const answer = await this.#run({ kind: 'keep', folder, name, slice, crc64Type, grain }, signal)
    if (answer.kind !== 'keep') throw new TypeError(`The worker answered ${answer.kind} to keep.`)
    return answer.grains
  }

  close(): void {
    this.#worker.terminate()
    this.#rejectAll(new TransportError('network', 'The uploader was closed.'))
  }

  #run(
    job: Job,
    signal: AbortSignal,
    toHash = 0,
    onProgress: (sent: number) => void = () => undefined,
  ): Promise<WorkerAnswer> {
    if (signal.aborted) return Promise.reject(reasonOf(signal))
    const id = ++this.#lastId
    return new Promise<WorkerAnswer>((resolve, reject) => {
      const onAbort = (): void => {
        this.#pending.delete(id)
        this.#post({ kind: 'abort', id })
        reject(reasonOf(signal))
      }
      signal.addEventListener('abort', onAbort, { once: true })
      const ended = (): void => signal.removeEventListener('abort', onAbort)
      this.#pending.set(id, {
        toHash,
        onProgress,
        resolve: (answer) => {
          ended()
          resolve(answer)
        },
        reject: (error) => {
          ended()
          reject(error)
        },
      })
      this.#post({ ...job, id })
    })
  }

  #post(request: WorkerRequest): void {
    this.#worker.postMessage(request)
  }

  #receive(answer: WorkerAnswer): void {
    if (answer.kind === 'ready') {
      this.#ready = true
      this.#onStarted(true)
      return
    }
    if (answer.kind === 'progress') {
      for (const [id, sent] of answer.sent) this.#pending.get(id)?.onProgress(sent)
      return
    }
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if (answer.kind === 'failed') pending?.reject(new TransportError(answer.reason, answer.message))
    else pending?.resolve(answer)
  }

  #rejectAll(error: Error): void {
    for (const pending of this.#pending.values()) pending.reject(error)
    this.#pending.clear()
  }
}
