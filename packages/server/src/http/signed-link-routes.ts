import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { longestLink } from '@carryon/protocol'
import type { SignedLinks } from '../access/signed-link.js'
import { shareUrl, usualShareSeconds } from '../uploads/share-link.js'
import { noObject, notFound } from '../uploads/upload-problems.js'
import type { UploadServices } from '../uploads/upload-services.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'
import { Problem } from '../problem.js'
import { callerOf, type RateLimiter } from './rate-limiter.js'
import { parseWith, readBody } from './request-body.js'
import { linkBody, objectQuery, uploadId } from './request-schemas.js'

/** `POST /api/uploads/:id/link`: makes a link with which everybody can download the owner's object until it expires. */
export function signedLinkRoute(
  services: UploadServices,
  links: SignedLinks,
  rateLimiter: RateLimiter,
): Hono<AppEnv> {
  const { shareSeconds } = services.limits
  const routes = new Hono<AppEnv>()
  routes.post('/:id/link', async (context) => {
    await rateLimiter.call(callerOf(context))
    const { expiresIn = usualShareSeconds(shareSeconds), inline } = await readBody(context, linkBody)
    const { id } = parseWith(uploadId, context.req.param())
    const row = await services.repository.find(context.get('owner'), id)
    if (row === undefined) throw notFound()
    if (row.state !== 'done') throw noObject()
    if (shareSeconds === 0 || !context.get('authorized').share) {
      throw new Problem('forbidden', 'You may not share files here. The administrator decides who may.')
    }
    if (expiresIn > shareSeconds) {
      throw new Problem('invalid-request', `A link may work for at most ${shareSeconds} seconds here.`, {
        problems: [{ path: 'expiresIn', message: `must be at most ${shareSeconds}` }],
      })
    }
    const until = Math.floor(services.now() / 1_000) + expiresIn
    return answerJson(context, {
      url: await shareUrl(links, row.id, { base: context.get('base'), until, inline }),
      expiresAt: new Date(until * 1_000).toISOString(),
    })
  })
  return routes
}

/**
 * Runs before authorization, on `/api/uploads/:id/object` only: a request with a signed link acts for the owner who made
 * the link.
 *
 * @throws Problem `not-found` for a link that this server did not sign, or if sharing is off; `link-expired` for an expired one.
 */
export function signedLinkAccess(services: UploadServices, links: SignedLinks): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const { signature, until = '' } = parseWith(objectQuery, context.req.query())
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD'
    if (signature === undefined || !isRead) return next()
    // The URL alone gives access to the file: keep it out of search indexes and out of other sites' logs.
    context.header('x-robots-tag', 'noindex')
    context.header('referrer-policy', 'no-referrer')
    const id = context.req.param('id') ?? ''
    const linkUntil = await links.verify(id, { until, signature })
    if (linkUntil === null || services.limits.shareSeconds === 0) {
      throw new Problem('not-found', 'This link is incomplete or was changed. Ask for a new one.')
    }
    if (linkUntil * 1_000 <= services.now()) {
      throw new Problem(
        'link-expired',
        `This link worked until ${new Date(linkUntil * 1_000).toISOString()}. Ask for a new one.`,
      )
    }
    const row = await services.repository.get(id)
    if (row === undefined) throw notFound()
    context.set('owner', row.owner)
    context.set('linkUntil', Math.min(linkUntil, Math.floor(services.now() / 1_000) + longestLink))
    return next()
  }
}
