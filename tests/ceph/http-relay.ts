import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export interface Asked {
  readonly method: string
  /** Path as sent, without the query. */
  readonly path: string
  /** Query as sent. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Given {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export type Pass = (asked: Asked) => Promise<Given>

export interface HttpRelay {
  readonly endpoint: string
  close(): Promise<void>
}

/**
 * An HTTP proxy for the server at `target`: `serve` answers whole messages. Forwarded requests are unchanged and keep
 * the `Host` that the client signed.
 */
export async function startHttpRelay(
  target: string,
  serve: (asked: Asked, pass: Pass) => Promise<Given>,
): Promise<HttpRelay> {
  const { hostname, port } = new URL(target)
  const pass: Pass = async ({ method, path, query, headers, body }) => {
    // Use a new connection: the store may be closing a kept-alive one at this moment.
    const whole = query === '' ? path : `${path}?${query}`
    const options = { hostname, port, method, path: whole, headers, agent: false }
    const [answer] = (await once(request(options).end(body), 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await bodyOf(answer) }
  }
  const relay = createServer((incoming, outgoing) => {
    const answer = async (): Promise<void> => {
      const { method = 'GET', url = '/' } = incoming
      const [path = '/', query = ''] = url.split('?', 2)
      const given = await serve(
        { method, path, query, headers: incoming.headers, body: await bodyOf(incoming) },
        pass,
      )
      const length = { 'content-length': String(given.body.length), 'transfer-encoding': undefined }
      const headers = { ...given.headers, ...(method === 'HEAD' ? {} : length) }
      for (const [name, value] of Object.entries(headers))
        if (value !== undefined) outgoing.setHeader(name, value)
      outgoing.writeHead(given.status).end(given.body)
    }
    answer().catch(() => outgoing.destroy())
  }).listen(0, '127.0.0.1')
  // Longer than any client keeps an idle connection.
  relay.keepAliveTimeout = 75_000
  await once(relay, 'listening')
  const address = relay.address()
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async close() {
      const closed = once(relay, 'close')
      relay.close()
      relay.closeAllConnections()
      await closed
    },
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
