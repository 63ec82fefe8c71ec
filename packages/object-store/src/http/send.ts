import type { SignedRequest } from '../store-calls.js'
import { StoreError } from '../store-error.js'
import { Watchdog } from './watchdog.js'

export interface SendOptions {
  readonly fetch: typeof globalThis.fetch
  /** For messages: `ListParts of "a.bin"`. */
  readonly what: string
  readonly body?: Uint8Array | Blob | undefined
  /** Milliseconds without an answer or, later, without a further byte of it. */
  readonly idle: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Bytes per second of the slowest supported uplink; limits the time for sending a body, because `fetch` reports no
 * upload progress.
 */
const slowestUplink = 16 * 1024

/**
 * Sends one request under a watchdog. The watchdog also covers the answer's body: reading it fails once no byte
 * arrives for `idle` milliseconds; time that the reader spends does not count.
 *
 * Rejects with a {@link StoreError} `NetworkError`, or with the reason of `signal` when that ended it.
 */
export async function send(request: SignedRequest, options: SendOptions): Promise<Response> {
  const { fetch, what, body, idle, signal } = options
  const headers = toHeaders(request.headers, what)
  const watchdog = new Watchdog(what, idle)
  const asStoreError = (error: unknown): unknown => {
    if (signal?.aborted === true) return signal.reason
    if (watchdog.signal.aborted) return watchdog.signal.reason
    const message = `${what} got no answer: ${causeOf(error)}`
    return new StoreError(message, { code: 'NetworkError', status: 0, cause: error })
  }
  watchdog.watch(idle + (sizeOf(body) / slowestUplink) * 1000)
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      body: body === undefined ? null : toBodyInit(body),
      signal: signal === undefined ? watchdog.signal : AbortSignal.any([watchdog.signal, signal]),
      // A redirect would send the signature, which is valid for this host only, to another one.
      redirect: 'manual',
      cache: 'no-store',
      credentials: 'omit',
    })
    return watchedResponse(response, watchdog, asStoreError)
  } catch (error) {
    throw asStoreError(error)
  } finally {
    watchdog.stop()
  }
}

/**
 * Converts headers; `fetch` would report characters that are not allowed, above all line breaks, like a network
 * failure.
 */
function toHeaders(headers: SignedRequest['headers'], what: string): Headers {
  try {
    return new Headers({ ...headers })
  } catch (cause) {
    const message = `${what} was not sent: a header holds characters that no header can hold.`
    throw new StoreError(message, { code: 'InvalidRequest', status: 0, cause })
  }
}

function watchedResponse(
  response: Response,
  watchdog: Watchdog,
  asStoreError: (error: unknown) => unknown,
): Response {
  const reader = response.body?.getReader()
  if (reader === undefined) return response
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      watchdog.watch()
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        controller.error(asStoreError(error))
      } finally {
        watchdog.stop()
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
  const { status, statusText, headers } = response
  return new Response(body, { status, statusText, headers })
}

/**
 * The reason of a failure: Node's `fetch` reports only "fetch failed" and has the reason, such as `connect
 * ECONNREFUSED`, in the cause.
 */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function sizeOf(body: Uint8Array | Blob | undefined): number {
  if (body === undefined) return 0
  return body instanceof Blob ? body.size : body.byteLength
}

function toBodyInit(body: Uint8Array | Blob): BodyInit {
  if (body instanceof Blob || isUnshared(body)) return body
  return body.slice() // out of shared memory, which `fetch` refuses
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
}
