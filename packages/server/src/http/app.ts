import { Hono } from 'hono'
import { allowHosts } from './allowed-hosts.js'
import { answerProblem } from './answer.js'
import type { AppEnv } from './app-env.js'
import { networkOf, remoteAddressOf } from './connection.js'
import { observe, type Observers } from './observe.js'
import { allowOrigins, ownOrigin, refuseForeignOrigins } from './origin.js'
import { findOwner, type OwnerFinding } from './owner.js'
import { Problem } from './problem.js'
import { problemOfError } from './problem-of-error.js'
import { securityHeaders } from './security-headers.js'

export interface AppParts extends Observers, OwnerFinding {
  readonly uploads: Hono<AppEnv>
  readonly sts: Hono<AppEnv>
  readonly operation: Hono<AppEnv>
  readonly allowedOrigins: ReadonlySet<string>
  /** `null`: every host is believed. */
  readonly allowedHosts: ReadonlySet<string> | null
  readonly trustForwarded: boolean
  /** Stands for an address in the register. */
  readonly aliasOfAddress: (network: string) => Promise<string>
}

/** Everything between a request and its handler, in the order in which it happens. */
export function createApp(parts: AppParts): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.onError((error, context) => answerProblem(context, problemOfError(error)))
  app.notFound((context) =>
    answerProblem(context, new Problem('not-found', 'This server has nothing under this address.')),
  )
  app.use('*', observe(parts), securityHeaders())
  app.use('*', async (context, next) => {
    if (!URL.canParse(context.req.url)) {
      throw new Problem(
        'invalid-request',
        'The Host header names no host. Ask for this server by its name or address.',
      )
    }
    context.set('origin', ownOrigin(context.req.raw, parts.trustForwarded))
    await next()
  })
  app.use('*', allowHosts(parts.allowedHosts))
  for (const path of ['/api/*', '/sts']) {
    app.use(
      path,
      allowOrigins(parts.allowedOrigins),
      refuseForeignOrigins(parts.allowedOrigins),
      findOwner(parts),
      async (context, next) => {
        const address = remoteAddressOf(context, parts.trustForwarded)
        context.set('address', address === undefined ? null : await parts.aliasOfAddress(networkOf(address)))
        await next()
      },
    )
  }
  app.route('/api/uploads', parts.uploads)
  app.route('/sts', parts.sts)
  app.route('/', parts.operation)
  return app
}
