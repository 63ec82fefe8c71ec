import { abortScope } from '../async/abort-scope.js'
import { reasonOf } from '../async/clock.js'
import { digestSlices } from './digest-slices.js'
import { probeSlice } from './read-slice.js'
import { TransportError } from '../ports.js'
import type { PutAnswer, PutRequest } from '../ports.js'

/** Sends one request. Rejects with a `TransportError` `network` or `stalled`, or with the signal's reason. */
export type SendBody = (request: PutRequest, signal: AbortSignal) => Promise<Omit<PutAnswer, 'digests'>>

/**
 * Sends the slice and, in parallel, reads and hashes the same slice, because Chromium sends a slice 20 times faster
 * than a buffer of the same bytes. The store's checksum shows whether the sent bytes are the hashed ones. If no digest
 * is requested, nothing is read.
 */
export async function putBesideHash(
  request: PutRequest,
  signal: AbortSignal,
  send: SendBody,
): Promise<PutAnswer> {
  const { controller, close } = abortScope(signal)
  const hashing =
    request.digests.length === 0
      ? Promise.resolve({ size: request.body.size })
      : digestSlices([request.body], request.digests, controller.signal)
  // A slice that cannot be read cannot be sent either: abort the request immediately.
  hashing.catch((error: unknown) => controller.abort(error))
  try {
    const answer = await send(request, controller.signal)
    if (answer.status < 200 || answer.status > 299) return { ...answer, digests: { size: request.body.size } }
    return { ...answer, digests: await hashing }
  } catch (error) {
    if (signal.aborted) throw reasonOf(signal)
    // For a changed file Chromium reports a lost network, and Firefox and WebKit hang: read from it to find out.
    if (error instanceof TransportError && (error.reason === 'network' || error.reason === 'stalled')) {
      await probeSlice(request.body)
    }
    throw error
  } finally {
    controller.abort(new Error('The request has ended.'))
    close()
  }
}
