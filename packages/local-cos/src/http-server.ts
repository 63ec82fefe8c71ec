import { createServer, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { StartError, systemErrorCode } from './errors.js'
import { element, xmlDeclaration } from './xml.js'

/** Milliseconds that running requests have to finish when the store closes. */
const closeGrace = 3000

/** Creates a server that refuses invalid HTTP as COS does, and allows slow bodies. */
export function createStoreServer(listener: RequestListener): Server {
  const server = createServer(listener)
  // A part of 5 GB may take hours; the idle timeout ends stalled requests.
  server.requestTimeout = 0
  server.timeout = 600_000
  server.keepAliveTimeout = 75_000
  server.on('clientError', refuseBrokenRequest)
  // Without this listener, Node.js closes the connection without an answer.
  server.on('connect', (_request, socket) => refuseBrokenRequest(new Error('no proxy'), socket))
  return server
}

/** @throws {@link StartError} `PORT_TAKEN` */
export async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      const code = systemErrorCode(error)
      const why =
        code === 'EADDRINUSE'
          ? `Port ${port} of ${host} is taken. Choose another, or end what listens there.`
          : `The store cannot listen on ${host}:${port}: ${error.message}.`
      reject(new StartError('PORT_TAKEN', why, error))
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

/** Answers invalid HTTP, and bodies shorter than their `Content-Length`, which never reach an operation. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const code = error.code === 'HPE_INVALID_EOF_STATE' ? 'IncompleteBody' : 'BadRequest'
  const message =
    code === 'IncompleteBody' ? 'The body is shorter than its Content-Length.' : 'The request is no HTTP.'
  const body = xmlDeclaration + element('Error', [element('Code', code), element('Message', message)])
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: application/xml\r\nConnection: close\r\n' +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** Stops listening and lets running requests finish. */
export async function stop(server: Server): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), closeGrace)
  // The server waits for idle keep-alive connections, so close them as soon as their request has ended.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearInterval(idle)
  clearTimeout(force)
}
