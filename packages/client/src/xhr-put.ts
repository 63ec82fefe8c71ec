import { reasonOf } from './clock.js'
import type { SendBody } from './put-beside-hash.js'
import { TransportError } from './seams.js'

/** Milliseconds between reports: WebKitGTK fires one progress event per 8 KiB. */
const reportInterval = 100
const maxBody = 64 * 1024
/** Larger bodies are not copied into memory. Bytes. */
const maxMemoryBody = 64 * 1024 * 1024

/**
 * Set once a body was sent in full and no answer came: Safari 26 loses the answer to a file-backed body over plain
 * HTTP (filepond#1059), and gets it when the same bytes come from memory. Tried on evidence, for good in this worker.
 */
let fromMemory = false

/** XMLHttpRequest: the only way in browsers to send with progress. Works in windows and workers. */
export const xhrPut: SendBody = async (request, signal) => {
  const body =
    fromMemory && request.body.size <= maxMemoryBody
      ? new Blob([await request.body.arrayBuffer()])
      : request.body
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal))
      return
    }
    const xhr = new XMLHttpRequest()
    let lastSign = performance.now()
    let lastReport = 0
    let sent = 0

    const watchdog = setInterval(() => {
      if (performance.now() - lastSign <= request.stallTimeout) return
      if (sent >= body.size) fromMemory = true
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

    xhr.upload.onprogress = ({ loaded }) => {
      if (loaded <= sent) return
      sent = loaded
      lastSign = performance.now()
      if (lastSign - lastReport < reportInterval) return
      lastReport = lastSign
      request.onProgress(sent)
    }
    xhr.onload = () => {
      end()
      resolve({
        status: xhr.status,
        headers: parseHeaders(xhr.getAllResponseHeaders()),
        body: xhr.responseText.slice(0, maxBody),
      })
    }
    xhr.onerror = () => fail(new TransportError('network', 'The connection failed before the answer came.'))
    // Safari fires `abort` for a connection that it dropped itself; our own aborts have rejected before.
    xhr.onabort = () => fail(new TransportError('network', 'The browser dropped the connection.'))

    xhr.open('PUT', request.url)
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
