/** Sends and hashes on the calling thread. Loaded only if there are no workers. */
import { fetchPut } from './fetch-put.js'
import { putBesideHash } from './put-beside-hash.js'
import type { PutAnswer, PutRequest } from '../ports.js'
import { xhrPut } from './xhr-put.js'

export { digestSlices } from './digest-slices.js'

/** Makes one request and hashes its body meanwhile. */
export function putHere(request: PutRequest, signal: AbortSignal): Promise<PutAnswer> {
  return putBesideHash(request, signal, typeof XMLHttpRequest === 'undefined' ? fetchPut : xhrPut)
}
