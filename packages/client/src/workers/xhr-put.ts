import { BodyStrategy } from './body-strategy.js'
import type { Unanswered } from './body-strategy.js'
import { reasonOf } from '../async/clock.js'
import { outgoing } from './outgoing.js'
import type { SendBody } from './put-beside-hash.js'
import { SendTimeEstimate } from './send-time.js'
import { readSlice } from './read-slice.js'
import { TransportError } from '../ports.js'
import type { PutAnswer, PutRequest } from '../ports.js'

/** Milliseconds between progress reports, because WebKitGTK fires a progress event every 8 KiB. */
const reportInterval = 450
/** Milliseconds for which the progress of a small body need not be reported. */
const unnoticed = 300
/** Milliseconds within which an engine refuses what it cannot send; a slow network fails later. */
const atOnce = 1000
/** Maximum length of an answer's text that is kept, in characters. */
const maxBody = 64 * 1024

/** Sends with XMLHttpRequest, the only way in browsers to get upload progress. Works in windows and workers. */
export const xhrPut: SendBody = createXhrPut()

/** Creates an `xhrPut` that has not learned yet how this browser sends slices. */
export function createXhrPut(): SendBody {
  const strategy = new BodyStrategy()
  const sendTime = new SendTimeEstimate(unnoticed)
  return async (request, signal) => {
    const copies = strategy.copies(request.body.size)
    const body = copies ? new Blob([await readSlice(request.body)]) : request.body
    const sentAt = performance.now()
    try {
      const answer = await send({ ...request, body }, sendTime.isShort(body.size), signal)
      sendTime.record(body.size, performance.now() - sentAt)
      strategy.answered(copies)
      return answer
    } catch (error) {
      sendTime.record(body.size, Number.POSITIVE_INFINITY)
      if (error instanceof TransportError)
        strategy.unanswered(copies, howEnded(error, performance.now() - sentAt))
      throw error
    }
  }
}

/** @param took milliseconds */
function howEnded({ reason }: TransportError, took: number): Unanswered {
  if (reason === 'stalled') return 'stalled'
  return took <= atOnce ? 'failed-at-once' : 'failed'
}

function send(
  request: PutRequest,
  isQuick: boolean,
  signal: AbortSignal,
): Promise<Omit<PutAnswer, 'digests'>> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal))
      return
    }
    const xhr = new XMLHttpRequest()
    let lastSign = performance.now()
    // Do not report the first event: it includes what only filled a socket buffer, and a small file has no other.
    let lastReport = lastSign
    let sent = 0

    const watchdog = setInterval(() => {
      if (performance.now() - lastSign <= request.stallTimeout) return
      fail(new TransportError('stalled', `No progress for ${Math.round(request.stallTimeout / 1000)} s.`))
    }, 1000)
    const onAbort = (): void => fail(reasonOf(signal))
    const end = (): void => {
      clearInterval(watchdog)
      signal.removeEventListener('abort', onAbort)
    }
    const fail = (error: Error): void => {
      end()
      xhr.abort()
      reject(error)
    }
    signal.addEventListener('abort', onAbort, { once: true })

    const onProgress = ({ loaded }: ProgressEvent): void => {
      if (loaded <= sent) return
      // For a form, `loaded` includes the other fields.
      sent = Math.min(loaded, request.body.size)
      lastSign = performance.now()
      if (lastSign - lastReport < reportInterval) return
      lastReport = lastSign
      request.onProgress(sent)
    }
    if (!isQuick) xhr.upload.onprogress = onProgress
    xhr.onload = () => {
      end()
      resolve({
        status: xhr.status,
        headers: parseHeaders(xhr.getAllResponseHeaders()),
        body: xhr.responseText.slice(0, maxBody),
      })
    }
    xhr.onerror = () => fail(new TransportError('network', 'The connection failed before the answer came.'))
    // Safari fires `abort` for a connection that it dropped itself; our own aborts have already rejected.
    xhr.onabort = () => fail(new TransportError('network', 'The browser dropped the connection.'))

    const { method, body } = outgoing(request)
    xhr.open(method, request.url)
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value)
    xhr.send(body)
  })
}

function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return headers
}
