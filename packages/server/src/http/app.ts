import { Hono } from 'hono'
import { allowHosts } from './allowed-hosts.js'
import { answerProblem } from './answer.js'
import type { AppEnv } from './app-env.js'
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
    )
  }
  app.route('/api/uploads', parts.uploads)
  app.route('/sts', parts.sts)
  app.route('/', parts.operation)
  return app
}
