/** Sending and hashing on the calling thread. Loaded only where there are no workers. */
import { fetchPut } from './fetch-put.js'
import { putBesideHash } from './put-beside-hash.js'
import type { PutAnswer, PutRequest } from '../ports.js'
import { xhrPut } from './xhr-put.js'

export { digestSlices } from './digest-slices.js'

/** One PUT, with its body hashed beside it. */
export function putHere(request: PutRequest, signal: AbortSignal): Promise<PutAnswer> {
  return putBesideHash(request, signal, typeof XMLHttpRequest === 'undefined' ? fetchPut : xhrPut)
}
