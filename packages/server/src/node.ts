import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener, RequestError } from '@hono/node-server'

/** Answers a request, or passes it on to `next`. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => unknown,
) => void

/** Options of {@link nodeHandler}. */
export interface NodeHandlerOptions {
  /**
   * Called with the reason when a request is answered 400 without being handled, or 500 because its body was already consumed.
   *
   * @default nothing is called
   */
  readonly onRefused?: (why: string) => void
}

/** The members of a server that {@link nodeHandler} uses. */
export interface MountedServer {
  /** Answers one request, given the connection as `@hono/node-server` provides it. */
  readonly fetch: (request: Request, connection: unknown) => Response | Promise<Response>
  /** Whether the request is for this server. @default all requests are */
  readonly serves?: (request: Request) => boolean
}

const bodyIsGone =
  'The body of this request was read before the upload server received it, and was not kept as `request.body`. ' +
  'Mount the upload server before the body parser, or let the parser keep what it reads.'

/**
 * A server as a request handler of `node:http`, and as middleware of Express, Connect, Koa, Fastify and Nest. If a parser has
 * already read the body, it is taken from `request.body`. With `next`, requests for other paths are passed on to later routes.
 *
 * @example
 * const carryon = createServer({ ...options, basePath: '/files' })
 * await carryon.ready()
 * app.use('/files', nodeHandler(carryon)) // Express
 */
export function nodeHandler(server: MountedServer, options: NodeHandlerOptions = {}): NodeHandler {
  const { onRefused = () => undefined } = options
  const listener = getRequestListener((request, connection) => server.fetch(request, connection), {
    // HTTP/1.0 has no Host, and some health checks speak it.
    hostname: 'localhost',
    // Leave the application's global `Request` and `Response` alone.
    overrideGlobalObjects: false,
    errorHandler: (error: unknown) => {
      // Errors of the server itself, which has its own error handling.
      if (!(error instanceof RequestError)) return new Response(null, { status: 500 })
      const why = error.message
      onRefused(why)
      return problem(
        400,
        'invalid-request',
        'The request is not valid',
        `This request cannot be answered: ${why}. Ask for this server by its name or address.`,
      )
    },
  })
  return (request, response, next) => {
    if (next !== undefined && !servesPath(server, request)) {
      next()
      return
    }
    if (wasRead(request)) {
      const body = keptBody(request)
      if (body === null) {
        onRefused(bodyIsGone)
        void send(response, problem(500, 'internal', 'The body of the request was already read', bodyIsGone))
        return
      }
      // `@hono/node-server` looks for the body there first, because some cloud platforms provide it that way.
      Object.assign(request, { rawBody: body })
    }
    void listener(request, response)
  }
}

function servesPath({ serves }: MountedServer, { url = '/' }: IncomingMessage): boolean {
  if (serves === undefined) return true
  const address = `http://localhost${url}`
  return !URL.canParse(address) || serves(new Request(address))
}

/** Whether the request had a body that was already read from. */
function wasRead(request: IncomingMessage): boolean {
  const { method, headers, readableDidRead } = request
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return readableDidRead && hasBody && method !== 'GET' && method !== 'HEAD'
}

/** The body that a parser kept, raw or as JSON; `null` if it kept none. */
function keptBody(request: IncomingMessage): Buffer | null {
  const raw: unknown = Reflect.get(request, 'rawBody')
  if (raw instanceof Buffer) return raw
  const body: unknown = Reflect.get(request, 'body')
  if (body instanceof Buffer) return body
  if (typeof body === 'string') return Buffer.from(body)
  return typeof body === 'object' && body !== null ? Buffer.from(JSON.stringify(body)) : null
}

function problem(status: number, code: string, title: string, detail: string): Response {
  return Response.json(
    { type: 'about:blank', title, status, detail, code },
    { status, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } },
  )
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(await answer.text())
}
