import { callBackend } from '../backend/backend-call.js'
import type { CallTrouble } from '../backend/backend-call.js'
import type { UploadBackend } from '../backend/upload-backend.js'
import type { UploadContext } from './upload-context.js'
import type { Fingerprint } from '../content/fingerprint.js'
import type { FileSource } from '../ports.js'
import type { UploadEvent } from '../core/state.js'
import type { Metadata } from '../upload-types.js'
import { toUploadError } from '../core/upload-errors.js'
import type {
  CompleteRequest,
  DuplicatesFound,
  OpenedUpload,
  OpenRequest,
  RegisteredUpload,
  AccessAnswer,
  StoredPartInfo,
} from '@carryon/protocol'

/** Longest path in the picked folder, in characters, that the server accepts; a longer one is left out. */
const longestPath = 1_024

/** How long one call is retried, and who is told when it waits. */
export interface CallTerms {
  readonly signal: AbortSignal
  readonly dispatch?: (event: UploadEvent) => void
}

/** The server calls of one upload, each retried until it is answered. */
export class ServerCalls {
  readonly #context: UploadContext
  readonly #metadata: Metadata | undefined
  /** Which upload to open for this file; part of each open request. */
  wanted: Pick<OpenRequest, 'separate' | 'continues'> & { readonly identity?: string } = {}

  constructor(context: UploadContext, metadata?: Metadata) {
    this.#context = context
    this.#metadata = metadata
  }

  open(file: FileSource, fingerprint: Fingerprint, terms: CallTerms): Promise<OpenedUpload> {
    const request = this.#requestOf(file, fingerprint)
    return this.#call((backend, signal) => this.#learning(backend.open(request, signal)), terms, true)
  }

  openUnlessDone(
    file: FileSource,
    fingerprint: Fingerprint,
    terms: CallTerms,
  ): Promise<OpenedUpload | DuplicatesFound> {
    const request = this.#requestOf(file, fingerprint)
    return this.#call(
      (backend, signal) =>
        this.#learning(backend.openUnlessDone?.(request, signal) ?? backend.open(request, signal)),
      terms,
      true,
    )
  }

  renewAccess(
    id: string,
    partNumbers: readonly number[] | undefined,
    sizes: readonly number[] | undefined,
    terms: CallTerms,
  ): Promise<AccessAnswer> {
    return this.#call(
      (backend, signal) => this.#learning(backend.renewAccess(id, partNumbers, signal, sizes)),
      terms,
    )
  }

  complete(id: string, completeRequest: CompleteRequest, terms: CallTerms): Promise<RegisteredUpload> {
    return this.#call((backend, signal) => backend.complete(id, completeRequest, signal), terms)
  }

  get(id: string, terms: CallTerms): Promise<RegisteredUpload> {
    return this.#call((backend, signal) => backend.get(id, signal), terms)
  }

  parts(id: string, terms: CallTerms): Promise<readonly StoredPartInfo[]> {
    return this.#call((backend, signal) => backend.parts(id, signal), terms)
  }

  cancel(id: string, terms: CallTerms): Promise<void> {
    return this.#call((backend, signal) => backend.cancel(id, signal), terms)
  }

  /**
   * Sets the store's clock from the server's until the store itself tells the time.
   *
   * @param asked a call made just now
   */
  async #learning<T extends { readonly serverTime: number }>(asked: Promise<T>): Promise<T> {
    const { storeClock, clock, pool } = this.#context
    const sentAt = storeClock.localNow()
    const began = clock.now()
    const answer = await asked
    pool.answered(clock.now() - began)
    storeClock.learnFromServerTime(answer.serverTime, sentAt)
    return answer
  }

  #requestOf(file: FileSource, { identity, md5 }: Fingerprint): OpenRequest {
    const { usual, transport, partSize } = this.#context
    const { webkitRelativePath: path = '' } = file
    return {
      identity,
      name: file.name,
      size: file.size,
      type: file.type,
      ...(md5 !== null && { md5 }),
      ...(md5 !== null && transport.sendsForms === true && usual.forms !== false && { forms: true as const }),
      // A page on plain http has no Web Crypto to sign with.
      ...((crypto as { readonly subtle?: object }).subtle === undefined && { urls: true }),
      ...(partSize === undefined ? { grows: true as const } : { partSize }),
      ...(path !== '' && path.length <= longestPath && { path }),
      ...(this.#metadata && { metadata: this.#metadata }),
      ...this.wanted,
    }
  }

  /** @param isRationed whether the call also waits if the server has asked another such call to wait */
  #call<T>(
    call: (backend: UploadBackend, signal: AbortSignal) => Promise<T>,
    { signal, dispatch }: CallTerms,
    isRationed = false,
  ): Promise<T> {
    const { backend, clock, random, retry, callPause: pause } = this.#context
    const onTrouble = ({ reason, error, retryAt }: CallTrouble): void =>
      dispatch?.({
        type: 'wait',
        reason,
        next: {
          lastError: toUploadError(error, 'The last attempt'),
          retryAt: clock.wallTime() + retryAt - clock.now(),
        },
      })
    const ask = (until: AbortSignal): Promise<T> => call(backend, until)
    return callBackend(ask, { clock, random, retry, signal, onTrouble, pause, isRationed })
  }
}
