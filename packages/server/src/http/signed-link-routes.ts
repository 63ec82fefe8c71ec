import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { longestLink } from '@carryon/protocol'
import type { SignedLinks } from '../access/signed-link.js'
import { noObject, notFound } from '../uploads/upload-problems.js'
import type { UploadServices } from '../uploads/upload-services.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'
import { Problem } from '../problem.js'
import { parseWith, readBody } from './request-body.js'
import { linkBody, objectQuery, uploadId } from './request-schemas.js'

/** `POST /api/uploads/:id/link`: the owner lets everybody who has the link download the object for a while. */
export function signedLinkRoute(services: UploadServices, links: SignedLinks): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  routes.post('/:id/link', async (context) => {
    const { expiresIn } = await readBody(context, linkBody)
    const { id } = parseWith(uploadId, context.req.param())
    const row = await services.repository.find(context.get('owner'), id)
    if (row === undefined) throw notFound()
    if (row.state !== 'done') throw noObject()
    const until = Math.floor(services.now() / 1_000) + expiresIn
    const query = new URLSearchParams({ ...(await links.sign(row.id, until)) })
    return answerJson(context, {
      url: `${context.get('base')}/api/uploads/${encodeURIComponent(row.id)}/object?${query.toString()}`,
      expiresAt: new Date(until * 1_000).toISOString(),
    })
  })
  return routes
}

/**
 * Runs before authorization, on `/api/uploads/:id/object` alone: a request with a signed link acts for the owner who made
 * the link.
 *
 * @throws Problem `not-found` for a link that is not ours, `link-expired` for one that is over.
 */
export function signedLinkAccess(services: UploadServices, links: SignedLinks): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const { signature, until = '' } = parseWith(objectQuery, context.req.query())
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD'
    if (signature === undefined || !isRead) return next()
    const id = context.req.param('id') ?? ''
    const linkUntil = await links.verify(id, { until, signature })
    if (linkUntil === null) {
      throw new Problem('not-found', 'This link is not complete, or was changed. Ask for a new one.')
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
