import { Hono } from 'hono'
import type { Context } from 'hono'
import type { SignedLinks } from '../access/signed-link.js'
import type { UploadRow } from '../repository/upload-row.js'
import { alreadyDone, cancelUpload } from '../uploads/cancel-upload.js'
import type { UploadCompleter } from '../uploads/complete-upload.js'
import { removeFinished, renameFinished } from '../uploads/finished-upload.js'
import { presignObject } from '../uploads/object-link.js'
import { listPartsOrNull } from '../uploads/complete-multipart.js'
import { largestPartOf } from '../parts/largest-part.js'
import { type UploadOpener, urlsAtOpen } from '../uploads/open-upload.js'
import { missingPartNumbers } from '../parts/part-check.js'
import { alreadyEnded, noObject, notFound } from '../uploads/upload-problems.js'
import type { UploadServices } from '../uploads/upload-services.js'
import { viewInList, viewOfUpload } from '../uploads/upload-view.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'
import { batchRoute } from './batch-route.js'
import { type RateLimiter, callerOf } from './rate-limiter.js'
import { completedAnswer, uploadAnswer } from './completed-answer.js'
import { receiptRoute } from './receipt-route.js'
import { signedLinkRoute } from './signed-link-routes.js'
import { cursorOf, positionOf } from './list-cursor.js'
import { openedAnswer } from './opened-answer.js'
import { Problem } from '../problem.js'
import { parseWith, readBody } from './request-body.js'
import {
  accessBody,
  completeBody,
  listQuery,
  objectQuery,
  openBody,
  renameBody,
  uploadId,
} from './request-schemas.js'

/** Validity in seconds of the store's link behind an object's URL: long enough to start a download, or to seek in a video. */
const downloadLifetime = 3_600

/** Validity of the store's link in seconds, which never outlasts a signed link. */
function secondsFrom(now: number, linkUntil: number | undefined): number {
  if (linkUntil === undefined) return downloadLifetime
  return Math.max(1, Math.min(downloadLifetime, linkUntil - Math.floor(now / 1_000)))
}

/** Maximum bytes of the uploads in one list answer; the whole answer then stays below 64 KB. */
const longestList = 60_000

/** `/api/uploads`: docs/api.md. */
export function uploadRoutes(
  services: UploadServices,
  uploadOpener: UploadOpener,
  uploadCompleter: UploadCompleter,
  rateLimiter: RateLimiter,
  links: SignedLinks,
): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  const { store, repository, access } = services
  const storeOrigin = new URL(store.location.baseUrl).origin
  const serverTime = () => services.now() / 1_000

  const idOf = (context: Context<AppEnv>): string => parseWith(uploadId, context.req.param()).id
  const findRow = async (context: Context<AppEnv>): Promise<UploadRow> => {
    const row = await repository.find(context.get('owner'), idOf(context))
    if (row === undefined) throw notFound()
    return row
  }
  const findOpenRow = async (context: Context<AppEnv>): Promise<UploadRow> => {
    const row = await findRow(context)
    if (row.state === 'done') throw alreadyDone(viewOfUpload(row, context.get('base')))
    if (row.state === 'cancelled' || row.state === 'failed') throw alreadyEnded(row)
    return row
  }

  routes.route('/', batchRoute(services, uploadOpener, uploadCompleter, rateLimiter))
  routes.route('/', receiptRoute(services))
  routes.route('/', signedLinkRoute(services, links, rateLimiter))

  routes.post('/', async (context) => {
    const request = await readBody(context, openBody)
    const caller = callerOf(context)
    await rateLimiter.open(caller)
    const opened = await uploadOpener.open(caller, request)
    const { body, status } = openedAnswer(services, opened, context.get('base'))
    return answerJson(context, body, status)
  })

  routes.get('/', async (context) => {
    const { state, limit, cursor } = parseWith(listQuery, context.req.query())
    const after = cursor === undefined ? undefined : positionOf(cursor)
    const rows = await repository.list(context.get('owner'), state, limit + 1, after)
    const uploads = fitting(rows.slice(0, limit).map((row) => viewInList(row, context.get('base'))))
    const last = rows[uploads.length - 1]
    return answerJson(context, {
      uploads,
      next: rows.length > uploads.length && last !== undefined ? cursorOf(last) : null,
      storeOrigin,
    })
  })

  routes.get('/:id', async (context) => {
    return answerJson(context, uploadAnswer(await findRow(context), context.get('base')))
  })

  routes.delete('/:id', async (context) => {
    const done = await cancelUpload(services, context.get('owner'), idOf(context))
    if (done !== null) throw alreadyDone(viewOfUpload(done, context.get('base')))
    return context.body(null, 204)
  })

  routes.post('/:id/access', async (context) => {
    await rateLimiter.call(callerOf(context))
    const { partNumbers, sizes } = await readBody(context, accessBody)
    const row = await findOpenRow(context)
    // The client decides how many parts a growing upload has, up to the store's limit.
    if (row.grows === 0 && partNumbers?.some((partNumber) => partNumber > row.partCount)) {
      throw new Problem('invalid-request', `This upload has ${row.partCount} parts.`, {
        problems: [{ path: 'partNumbers', message: `must be 1 to ${row.partCount}` }],
      })
    }
    const largest = largestPartOf(row)
    if (sizes?.some((size) => size > largest)) {
      throw new Problem('invalid-request', `No part of this upload may have more than ${largest} bytes.`, {
        problems: [{ path: 'sizes', message: `must be at most ${largest}` }],
      })
    }
    await rateLimiter.items(callerOf(context), partNumbers?.length ?? 0)
    await uploadOpener.touch(row)
    const wanted = partNumbers ?? missingPartNumbers(row.partCount, [], urlsAtOpen)
    return answerJson(context, {
      // Naming parts is a request for their URLs.
      access: await access.grant(row, wanted, { sizes, byUrls: partNumbers !== undefined }),
      serverTime: serverTime(),
    })
  })

  routes.get('/:id/parts', async (context) => {
    await rateLimiter.call(callerOf(context))
    const row = await findOpenRow(context)
    if (row.uploadId === null) return answerJson(context, { parts: [] })
    const parts = await listPartsOrNull(store, row.key, row.uploadId)
    if (parts === null) {
      throw new Problem('upload-gone', 'The store no longer has this upload. Open a new one.')
    }
    return answerJson(context, { parts })
  })

  routes.post('/:id/complete', async (context) => {
    // Checked before reading the body, which may be long.
    await rateLimiter.call(callerOf(context))
    const request = await readBody(context, completeBody)
    const row = await uploadCompleter.complete(callerOf(context), idOf(context), request)
    const { body, status } = completedAnswer(row, context.get('base'))
    return answerJson(context, body, status)
  })

  routes.patch('/:id', async (context) => {
    const { name } = await readBody(context, renameBody)
    const row = await renameFinished(services, context.get('owner'), idOf(context), name)
    return answerJson(context, uploadAnswer(row, context.get('base')))
  })

  routes.delete('/:id/object', async (context) => {
    await removeFinished(services, context.get('owner'), idOf(context))
    return context.body(null, 204)
  })

  routes.get('/:id/object', async (context) => {
    const row = await findRow(context)
    if (row.state !== 'done' || row.url === null) throw noObject()
    context.header('cache-control', 'no-store')
    if (URL.canParse(row.url)) return context.redirect(row.url, 302)
    const { inline } = parseWith(objectQuery, context.req.query())
    const expiresIn = secondsFrom(services.now(), context.get('linkUntil'))
    const { url } = await presignObject(services, row, { inline: inline === '1', expiresIn })
    return context.redirect(url, 302)
  })

  return routes
}

/** As many as fit in one answer, but at least one. The cursor continues with the others. */
function fitting<View>(views: readonly View[]): readonly View[] {
  let length = 0
  const end = views.findIndex((view) => (length += Buffer.byteLength(JSON.stringify(view))) > longestList)
  return end === -1 ? views : views.slice(0, Math.max(1, end))
}
