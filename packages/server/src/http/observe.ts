import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { LogEntry, RequestEntry } from '../log-entry.js'
import { loggedError } from '../logged-error.js'
import type { Metrics } from '../metrics.js'
import type { AppEnv } from './app-env.js'
import { problemOfError } from './problem-of-error.js'

export interface Observers {
  readonly metrics: Metrics
  readonly log: (entry: LogEntry) => void
  /** The owner's pseudonym for the log. */
  readonly logNameOf: (owner: string) => Promise<string>
}

/** Counts and logs each request with the bytes of its body and answer. */
export function observe({ metrics, log, logNameOf }: Observers): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const start = performance.now()
    context.set('requestBytes', 0)
    await next()
    const ms = performance.now() - start
    const route = routeOf(context)
    const { method } = context.req
    const { status } = context.res
    metrics.request({ route, method, status, seconds: ms / 1_000, bytes: context.get('requestBytes') })
    meterResponse(context, (bytes) => metrics.responseBytes(route, bytes))
    log(await requestEntry(context, { method, route, status, ms: Math.round(ms * 10) / 10 }, logNameOf))
  }
}

function routeOf(context: Context<AppEnv>): string {
  const pattern = routePath(context, -1)
  return pattern.endsWith('*') ? 'unmatched' : pattern
}

async function requestEntry(
  context: Context<AppEnv>,
  seen: Pick<RequestEntry, 'method' | 'route' | 'status' | 'ms'>,
  logNameOf: Observers['logNameOf'],
): Promise<RequestEntry> {
  // Not set if the request was refused before its owner was determined.
  const owner = (context.var as Partial<AppEnv['Variables']>).owner
  const upload = context.req.param('id')
  return {
    severity: seen.status >= 500 ? 'error' : seen.status >= 400 ? 'warn' : 'info',
    event: 'request',
    ...seen,
    ...(owner !== undefined && { owner: await logNameOf(owner) }),
    ...(upload !== undefined && { upload }),
    ...(context.error !== undefined && { code: problemOfError(context.error).code }),
    ...(context.error !== undefined && seen.status >= 500 && { error: loggedError(context.error) }),
  }
}

function meterResponse(context: Context<AppEnv>, count: (bytes: number) => void): void {
  if (context.req.method === 'HEAD') return
  const length = context.res.headers.get('content-length')
  if (length !== null) {
    count(Number(length))
    return
  }
  // Last, because the adapter makes a stream of the body only when it is accessed.
  const { body } = context.res
  if (body === null) return
  const meter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      count(chunk.byteLength)
      controller.enqueue(chunk)
    },
  })
  context.res = new Response(body.pipeThrough(meter), context.res)
}
