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

/** Batches under way: enough that a slow line carries several, and other calls still find a connection. */
const mostUnderWay = 3
/**
 * Milliseconds between batches while there is more than one question at a time. Small files are sent at some hundred a
 * second at most; so one call carries a dozen of them, and none waits for longer than it hardly notices. Where there are
 * so many, each call carries twice as many for half the processor time; what waits meanwhile leaves no connection idle.
 */
const gap = 75
const longGap = 150
/** Where somebody waits: long enough for those that come at the same moment. */
const shortGap = 10
/** Questions of the last batch from which on the next one waits longer. */
const many = 12
/** Files that are opened and not sent, below which a connection soon has nothing to send: as many as there are requests at once. */
const few = 6
/** What was opened so long ago has failed, or is paused. Milliseconds. */
const longestSending = 30_000

type OpenCall = BatchedCall<BatchedOpen, OpenedUpload | DuplicatesFound>
type CompleteCall = BatchedCall<BatchedComplete, RegisteredUpload>
type Batch = NonNullable<UploadBackend['batch']>

/**
 * A backend whose opens and completes of small files go in batches, where it takes them. A question that comes alone
 * goes alone and at once; those that come while others are asked go together.
 */
export function batched(backend: UploadBackend, clock: Clock): UploadBackend {
  if (backend.batch === undefined) return backend
  const batches = new Batches(backend.batch.bind(backend), clock)
  // With an MD5 a file is small, and without ETags it went as one PUT: neither takes the server long.
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
  /** Of the last batch. */
  #sentAt = -Infinity
  #size = 0
  /** When it is looked next whether one is to go; infinity: when something is asked. */
  #dueAt = Infinity
  #areTaken = true
  /** By identity the batch under way that opens it: resolves when that is over. */
  readonly #asked = new Map<string, Promise<void>>()
  /** Files that were opened and are being sent, by id: since when. */
  readonly #toSend = new Map<string, number>()

  constructor(batch: Batch, clock: Clock) {
    this.#batch = batch
    this.#clock = clock
  }

  /** Whether the server takes them, as far as is known. */
  get areTaken(): boolean {
    return this.#areTaken
  }

  async open(
    ask: BatchedOpen,
    alone: () => Promise<OpenedUpload | DuplicatesFound>,
    signal: AbortSignal,
  ): Promise<OpenedUpload | DuplicatesFound> {
    // A batch that somebody waits for no more still arrives for the others: whoever asks again, to cancel, asks after it.
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

  /** Nothing of it is to be sent any more. */
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

  /** Milliseconds until the next batch is to go. */
  #pause(): number {
    const isFull = this.#opens.length >= callsPerBatch || this.#completes.length >= callsPerBatch
    const isCalm = this.#underWay === 0 && this.#size <= 1
    const now = this.#clock.now()
    for (const [id, at] of this.#toSend) if (now - at > longestSending) this.ended(id)
    // At the beginning sending waits for opens, and at the end nothing comes that could go along.
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

  /** What is wrong with the batch as such is wrong with one item, or with none: alone each hears what is with it. */
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

/** The first of `waiting` that are still wanted, at most {@link callsPerBatch}; they wait no more. */
function take<Call extends OpenCall | CompleteCall>(waiting: Call[]): readonly Call[] {
  const wanted = waiting.filter(({ isOver }) => !isOver)
  const taken = wanted.splice(0, callsPerBatch)
  waiting.splice(0, waiting.length, ...wanted)
  return taken
}
