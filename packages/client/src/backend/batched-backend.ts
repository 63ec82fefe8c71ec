import { callsPerBatch } from '@carryon/protocol'
import { unlessAborted } from '../async/unless-aborted.js'
import { Deferred } from '../async/deferred.js'
import { BatchedCall } from './batched-call.js'
import type { Clock } from '../ports.js'
import { BackendError } from '../core/backend-error.js'
import type { UploadBackend } from './upload-backend.js'
import type {
  BatchedComplete,
  BatchedOpen,
  DuplicatesFound,
  OpenedUpload,
  OpenRequest,
  RegisteredUpload,
} from '@carryon/protocol'

/** Most batches in flight: enough for a slow connection, while other calls still find a free one. */
const mostUnderWay = 3
/**
 * Milliseconds between batches while requests come faster than one at a time. At most a few hundred small files are
 * sent per second, so a call carries about a dozen, and the delay is hardly noticeable. With many requests the longer
 * gap carries twice as many per call for half the processor time, and leaves no connection idle.
 */
const gap = 75
const longGap = 150
/** Gap while sending waits for the answer: long enough to collect requests made at the same moment. */
const shortGap = 10
/** Size of the last batch from which on the longer gap applies. */
const many = 12
/**
 * With fewer opened and unsent files than this, a connection soon has nothing to send; equals the number of
 * concurrent requests.
 */
const few = 6
/** Milliseconds after which an opened file counts as failed or paused. */
const longestSending = 30_000

type OpenCall = BatchedCall<BatchedOpen, OpenedUpload | DuplicatesFound>
type CompleteCall = BatchedCall<BatchedComplete, RegisteredUpload>
type Batch = NonNullable<UploadBackend['batch']>

/**
 * A backend that batches opens and completes of small files, if `backend` supports batches. A single request is sent
 * alone and at once; requests made while others are in flight are sent together.
 */
export function batched(backend: UploadBackend, clock: Clock): UploadBackend {
  if (backend.batch === undefined) return backend
  const batches = new Batches(backend.batch.bind(backend), clock)
  // A request with an MD5 is for a small file, and one without ETags for a single PUT: both are quick for the server.
  const open = async (request: OpenRequest, signal: AbortSignal): Promise<OpenedUpload> => {
    const alone = (): Promise<OpenedUpload> => backend.open(request, signal)
    if (request.md5 === undefined || !batches.areTaken) return alone()
    const answer = await batches.open({ ...request, md5: request.md5 }, alone, signal)
    if ('duplicates' in answer) throw new BackendError('internal', 'The server answered what was not asked.')
    return answer
  }
  const askUnlessDone = backend.openUnlessDone?.bind(backend)
  return {
    open,
    ...(askUnlessDone === undefined
      ? {}
      : {
          openUnlessDone: (request, signal) => {
            const { md5 } = request
            const alone = (): Promise<OpenedUpload | DuplicatesFound> => askUnlessDone(request, signal)
            if (md5 === undefined || !batches.areTaken) return alone()
            return batches.open({ ...request, md5, unlessDone: true }, alone, signal)
          },
        }),
    complete: (id, completeRequest, signal) => {
      const alone = (): Promise<RegisteredUpload> => backend.complete(id, completeRequest, signal)
      if (completeRequest.etags !== undefined || !batches.areTaken) return alone()
      return batches.complete({ id, ...completeRequest }, alone, signal)
    },
    parts: (id, signal) => backend.parts(id, signal),
    renewAccess: (id, partNumbers, signal, sizes) => backend.renewAccess(id, partNumbers, signal, sizes),
    cancel: (id, signal) => {
      batches.ended(id)
      return backend.cancel(id, signal)
    },
    get: (id, signal) => backend.get(id, signal),
    list: (query, signal) => backend.list(query, signal),
    ...(backend.limits && { limits: backend.limits.bind(backend) }),
    ...(backend.remove && { remove: backend.remove.bind(backend) }),
    ...(backend.rename && { rename: backend.rename.bind(backend) }),
  }
}

class Batches {
  readonly #batch: Batch
  readonly #clock: Clock
  #opens: OpenCall[] = []
  #completes: CompleteCall[] = []
  #underWay = 0
  /** Time of the last batch. */
  #sentAt = -Infinity
  #size = 0
  /** Time of the next check whether to send a batch; infinity: at the next request. */
  #dueAt = Infinity
  #areTaken = true
  /** By fingerprint, resolves when the batch that opens it is over. */
  readonly #asked = new Map<string, Promise<void>>()
  /** Time at which files that are being sent were opened, by upload id. */
  readonly #toSend = new Map<string, number>()

  constructor(batch: Batch, clock: Clock) {
    this.#batch = batch
    this.#clock = clock
  }

  /** Whether the server supports batches, as far as is known. */
  get areTaken(): boolean {
    return this.#areTaken
  }

  async open(
    ask: BatchedOpen,
    alone: () => Promise<OpenedUpload | DuplicatesFound>,
    signal: AbortSignal,
  ): Promise<OpenedUpload | DuplicatesFound> {
    // An abandoned open still reaches the server with its batch: a later open or cancel of the same file has to
    // follow it.
    const before = this.#asked.get(ask.identity)
    if (before !== undefined) await unlessAborted(before, signal)
    const call: OpenCall = new BatchedCall(ask, alone, signal)
    this.#opens.push(call)
    this.#consider()
    const answer = await call.answer
    if ('duplicates' in answer) return answer
    const { id, mode, state } = answer.upload
    if (mode === 'single' && state !== 'done') this.#toSend.set(id, this.#clock.now())
    return answer
  }

  complete(
    ask: BatchedComplete,
    alone: () => Promise<RegisteredUpload>,
    signal: AbortSignal,
  ): Promise<RegisteredUpload> {
    const call: CompleteCall = new BatchedCall(ask, alone, signal)
    this.#completes.push(call)
    this.ended(ask.id)
    this.#consider()
    return call.answer
  }

  /** The upload no longer has anything to send. */
  ended(id: string): void {
    this.#toSend.delete(id)
  }

  #consider(): void {
    if (this.#underWay >= mostUnderWay) return
    if (this.#opens.length === 0 && this.#completes.length === 0) return
    const wait = this.#pause()
    if (wait <= 0) {
      void this.#send()
      return
    }
    const dueAt = this.#clock.now() + wait
    if (this.#dueAt <= dueAt) return
    this.#dueAt = dueAt
    void this.#clock.sleep(wait).then(() => {
      if (this.#dueAt !== dueAt) return
      this.#dueAt = Infinity
      this.#consider()
    })
  }

  /** Milliseconds until the next batch is due. */
  #pause(): number {
    const isFull = this.#opens.length >= callsPerBatch || this.#completes.length >= callsPerBatch
    const isCalm = this.#underWay === 0 && this.#size <= 1
    const now = this.#clock.now()
    for (const [id, at] of this.#toSend) if (now - at > longestSending) this.ended(id)
    // At the beginning sending waits for opens, and at the end no more requests come to join the batch.
    const isAwaited = this.#opens.length > 0 ? this.#toSend.size < few : this.#toSend.size === 0
    if (isFull || isCalm) return 0
    return this.#sentAt + (isAwaited ? shortGap : this.#size < many ? gap : longGap) - now
  }

  async #send(): Promise<void> {
    const opens = take(this.#opens)
    const completes = take(this.#completes)
    const calls = [...opens, ...completes]
    if (calls.length === 0) return
    this.#underWay += 1
    this.#sentAt = this.#clock.now()
    this.#size = calls.length
    const controller = new AbortController()
    const onGone = (): void => {
      if (calls.every(({ isOver }) => isOver)) controller.abort()
    }
    for (const call of calls) call.whenGone(onGone)
    const over = new Deferred<void>()
    for (const { ask } of opens) this.#asked.set(ask.identity, over.promise)
    try {
      const request = { open: opens.map(({ ask }) => ask), complete: completes.map(({ ask }) => ask) }
      const { opened, completed } = await this.#batch(request, controller.signal)
      for (const [index, call] of opens.entries()) call.settle(opened[index])
      for (const [index, call] of completes.entries()) call.settle(completed[index])
    } catch (error) {
      this.#afterFailure(error, calls)
    } finally {
      for (const { ask } of opens)
        if (this.#asked.get(ask.identity) === over.promise) this.#asked.delete(ask.identity)
      over.resolve()
      this.#underWay -= 1
      this.#consider()
    }
  }

  /** After a failed batch each request is made alone, because only one item, or none, may be at fault. */
  #afterFailure(error: unknown, calls: readonly (OpenCall | CompleteCall)[]): void {
    const status = error instanceof BackendError ? error.status : 0
    const isUnknown = status === 404 || status === 405 || status === 501
    if (isUnknown) this.#areTaken = false
    const isRefused = isUnknown || status === 400 || status === 413 || status === 422
    for (const call of calls) {
      if (isRefused) call.goAlone()
      else call.fail(error)
    }
  }
}

/** Removes and returns the first calls that are still wanted, at most {@link callsPerBatch}. */
function take<Call extends OpenCall | CompleteCall>(waiting: Call[]): readonly Call[] {
  const wanted = waiting.filter(({ isOver }) => !isOver)
  const taken = wanted.splice(0, callsPerBatch)
  waiting.splice(0, waiting.length, ...wanted)
  return taken
}
