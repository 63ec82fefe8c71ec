import { once } from 'node:events'
import { createServer } from 'node:http'
import { nodeHandler } from '@carryon/server/node'
import { StartError } from './start-error.js'

/** A listening HTTP server. */
export interface Listening {
  /** The port in use, also when port 0 was requested. */
  readonly port: number
  /** Stops accepting connections, waits up to `graceMs` milliseconds for running requests, then closes all connections. */
  close(graceMs: number): Promise<void>
}

/** @param connection what `@hono/node-server` passes in addition to the request */
export type Fetch = (request: Request, connection: unknown) => Response | Promise<Response>

/**
 * Listens with a Web-standard fetch handler.
 *
 * @param onRefused called with the reason when a request is answered with 400 without reaching `fetch`
 */
export async function listen(
  fetch: Fetch,
  host: string,
  port: number,
  onRefused: (why: string) => void = () => undefined,
): Promise<Listening> {
  const handler = nodeHandler({ fetch }, { onRefused })
  const server = createServer((request, response) => handler(request, response))
  try {
    const listening = once(server, 'listening')
    server.listen(port, host)
    await listening
  } catch (error) {
    throw explain(error, host, port)
  }
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close(graceMs) {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

function explain(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} on ${host} is taken. End the program that has it, or set PORT to another one.`,
      error,
    )
  }
  if (error.code === 'EACCES') {
    return new StartError(`Port ${port} may not be opened by this user. Set PORT to one above 1023.`, error)
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartError(`HOST ${host} is not an address of this machine.`, error)
  }
  return error
}
