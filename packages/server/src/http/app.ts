import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { allowHosts, type hostCheck } from './allowed-hosts.js'
import { answerProblem } from './answer.js'
import type { AppEnv } from './app-env.js'
import { pathBelow } from './base-path.js'
import { networkOf, remoteAddressOf } from './connection.js'
import { descriptionRoute } from './description-route.js'
import { observe, type Observers } from './observe.js'
import {
  type AddressSettings,
  allowOrigins,
  linkedOrigin,
  ownOrigin,
  refuseForeignOrigins,
} from './origin.js'
import { findOwner, type OwnerFinding } from './owner.js'
import { Problem } from '../problem.js'
import { problemOfError } from './problem-of-error.js'
import { answerProblemPage, wantsPage } from './problem-page.js'
import { securityHeaders } from './security-headers.js'

export interface AppParts extends Observers, OwnerFinding {
  readonly uploads: Hono<AppEnv>
  readonly limits: Hono<AppEnv>
  readonly sts: Hono<AppEnv>
  readonly operation: Hono<AppEnv>
  readonly allowedOrigins: ReadonlySet<string>
  /** Whether a request is for this server. */
  readonly answersFor: ReturnType<typeof hostCheck>
  readonly address: AddressSettings
  /** Path of this server in requests, and as callers see it; '' or like `/files`. */
  readonly basePath: string
  readonly publicPath: string
  /** Authorizes requests with a signed link. */
  readonly signedLinkAccess: MiddlewareHandler<AppEnv>
  /** Pseudonym under which an address is recorded. */
  readonly addressTokenOf: (network: string) => Promise<string>
}

/** Builds the app: all middleware and routes, in the order in which they run. */
export function createApp(parts: AppParts): Hono<AppEnv> {
  const { address, basePath, publicPath } = parts
  const app = new Hono<AppEnv>({ getPath: pathBelow(basePath) })
  app.onError((error, context) => {
    const problem = problemOfError(error)
    return wantsPage(context) ? answerProblemPage(context, problem) : answerProblem(context, problem)
  })
  app.notFound((context) =>
    answerProblem(context, new Problem('not-found', 'This server has nothing at this address.')),
  )
  app.use('*', observe(parts), securityHeaders())
  app.use('*', async (context, next) => {
    if (!URL.canParse(context.req.url)) {
      throw new Problem(
        'invalid-request',
        'The Host header is not a valid host. Ask for this server by its name or address.',
      )
    }
    context.set('origin', ownOrigin(context.req.raw, address))
    context.set('base', linkedOrigin(context.req.raw, address) + publicPath)
    await next()
  })
  app.use('*', allowHosts(parts.answersFor, address))
  app.use('/api/uploads/:id/object', parts.signedLinkAccess)
  // Public: registered before authorization.
  app.route('/api/openapi.json', descriptionRoute())
  const askOwner = findOwner(parts)
  for (const path of ['/api/*', '/sts']) {
    app.use(
      path,
      allowOrigins(parts.allowedOrigins, address),
      refuseForeignOrigins(parts.allowedOrigins, address),
      // A signed link determines the owner itself.
      (context, next) => (context.get('linkUntil') === undefined ? askOwner(context, next) : next()),
      async (context, next) => {
        const remote = remoteAddressOf(context, address.trustForwarded)
        context.set('address', remote === undefined ? null : await parts.addressTokenOf(networkOf(remote)))
        await next()
      },
    )
  }
  app.route('/api/uploads', parts.uploads)
  app.route('/api/limits', parts.limits)
  app.route('/sts', parts.sts)
  app.route('/', parts.operation)
  return app
}
