import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { longestLink } from '@carryon/protocol'
import type { ObjectLinks } from '../access/object-link.js'
import { noObject, notFound } from '../uploads/refusals.js'
import type { UploadDesk } from '../uploads/upload-desk.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'
import { Problem } from '../problem.js'
import { parseWith, readBody } from './request-body.js'
import { linkBody, objectQuery, uploadId } from './request-schemas.js'

/** `POST /api/uploads/:id/link`: the owner lets everybody who has the link download the object for a while. */
export function makeLinkRoute(desk: UploadDesk, links: ObjectLinks): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  routes.post('/:id/link', async (context) => {
    const { expiresIn } = await readBody(context, linkBody)
    const { id } = parseWith(uploadId, context.req.param())
    const row = await desk.repository.find(context.get('owner'), id)
    if (row === undefined) throw notFound()
    if (row.state !== 'done') throw noObject()
    const until = Math.floor(desk.now() / 1_000) + expiresIn
    const query = new URLSearchParams({ ...(await links.sign(row.id, until)) })
    return answerJson(context, {
      url: `${context.get('base')}/api/uploads/${encodeURIComponent(row.id)}/object?${query.toString()}`,
      expiresAt: new Date(until * 1_000).toISOString(),
    })
  })
  return routes
}

/**
 * Before anybody is asked who they are: a request for an object by a signed link is about the uploads of whoever made
 * the link. It stands on `/api/uploads/:id/object` alone.
 *
 * @throws Problem `not-found` for a link that is not ours, `link-expired` for one that is over.
 */
export function openLinks(desk: UploadDesk, links: ObjectLinks): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const { signature, until = '' } = parseWith(objectQuery, context.req.query())
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD'
    if (signature === undefined || !isRead) return next()
    const id = context.req.param('id') ?? ''
    const linkUntil = await links.verify(id, { until, signature })
    if (linkUntil === null) {
      throw new Problem('not-found', 'This link is not complete, or was changed. Ask for a new one.')
    }
    if (linkUntil * 1_000 <= desk.now()) {
      throw new Problem(
        'link-expired',
        `This link worked until ${new Date(linkUntil * 1_000).toISOString()}. Ask for a new one.`,
      )
    }
    const row = await desk.repository.get(id)
    if (row === undefined) throw notFound()
    context.set('owner', row.owner)
    context.set('linkUntil', Math.min(linkUntil, Math.floor(desk.now() / 1_000) + longestLink))
    return next()
  }
}
