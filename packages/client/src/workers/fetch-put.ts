import { reasonOf } from '../async/clock.js'
import { outgoing } from './outgoing.js'
import type { SendBody } from './put-beside-hash.js'
import { TransportError } from '../ports.js'

const maxBody = 64 * 1024

/** Sends with `fetch`, for Node and other runtimes without XMLHttpRequest. Progress is reported only at the end. */
export const fetchPut: SendBody = async (request, signal) => {
  const { body, url, headers, stallTimeout } = request
  const watchdog = new AbortController()
  // Without progress events, only the whole request can be timed: the stall timeout plus the time at about 64 KB/s.
  const timer = setTimeout(() => watchdog.abort(), stallTimeout + body.size / 64)
  const onAbort = (): void => watchdog.abort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const response = await fetch(url, { ...outgoing(request), headers, signal: watchdog.signal })
    const text = await response.text()
    request.onProgress(body.size)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text.slice(0, maxBody),
    }
  } catch (error) {
    if (signal.aborted) throw reasonOf(signal)
    throw watchdog.signal.aborted
      ? new TransportError('stalled', 'The store did not answer in time.', error)
      : new TransportError('network', 'The connection failed before the answer came.', error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
