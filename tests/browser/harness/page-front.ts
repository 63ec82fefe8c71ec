import { once } from 'node:events'
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
  request,
} from 'node:http'

/** Serves the product's page as another site would: with other headers, or with scripts from another origin. */
export interface PageFront {
  /** With a trailing slash. */
  readonly url: string
  /** Where scripts come from, on another origin. */
  readonly cdnUrl: string
  /** The anonymous owner's key as last sent by the server. */
  ownerKey(): string | null
  close(): Promise<void>
}

export interface PageFrontOptions {
  /** The page's `Content-Security-Policy`. Default: none. */
  readonly policy?: string
  /** Whether the page's scripts and styles come from {@link PageFront.cdnUrl}. */
  readonly fromCdn?: boolean
}

/** @param productUrl URL of the product, with a trailing slash. */
export async function startPageFront(productUrl: string, options: PageFrontOptions): Promise<PageFront> {
  let ownerKey: string | null = null
  const cdn = await listen(async (incoming, answer) => {
    const response = await fetch(new URL(incoming.url ?? '/', productUrl))
    const type = response.headers.get('content-type') ?? 'text/plain'
    answer.writeHead(response.status, { 'content-type': type, 'access-control-allow-origin': '*' })
    answer.end(Buffer.from(await response.arrayBuffer()))
  })
  const front = await listen(async (incoming, answer) => {
    const { method = 'GET', url = '/', headers } = incoming
    // A sandboxed frame with an opaque origin calls the API cross-origin, and this front allows it.
    const cors = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'access-control-allow-methods': '*',
      'access-control-expose-headers': 'carryon-owner, retry-after',
    }
    if (method === 'OPTIONS') {
      answer.writeHead(204, cors).end()
      return
    }
    if (url !== '/') {
      const outgoing = request(
        new URL(url, productUrl),
        { method, headers: withoutNullOrigin(headers) },
        (given) => {
          ownerKey = String(given.headers['carryon-owner'] ?? ownerKey ?? '')
          const open = { ...cors, 'cross-origin-resource-policy': 'cross-origin' }
          answer.writeHead(given.statusCode ?? 502, { ...given.headers, ...open })
          given.pipe(answer)
        },
      )
      outgoing.on('error', () => answer.destroy())
      incoming.pipe(outgoing)
      return
    }
    const response = await fetch(productUrl)
    const html = await response.text()
    const { policy, fromCdn = false } = options
    answer.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      ...(policy === undefined ? {} : { 'content-security-policy': policy }),
    })
    answer.end(fromCdn ? html.replaceAll('="./assets/', `="${cdn.url}assets/`) : html)
  })
  return {
    url: front.url,
    cdnUrl: cdn.url,
    ownerKey: () => ownerKey,
    async close() {
      await front.close()
      await cdn.close()
    },
  }
}

type Serve = (incoming: IncomingMessage, answer: ServerResponse) => Promise<void>

async function listen(serve: Serve): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server: Server = createServer((incoming, answer) => {
    serve(incoming, answer).catch((error: unknown) => {
      console.error(error)
      answer.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The front has no port.')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Removes an `Origin: null` header, so that the product treats the request as one that no page sent. */
function withoutNullOrigin(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { origin, ...others } = headers
  return origin === undefined || origin === 'null' ? others : { ...others, origin }
}
