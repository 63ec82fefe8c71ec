import { Hono } from 'hono'
import { receiptOf } from '../uploads/receipt.js'
import { notFound } from '../uploads/upload-problems.js'
import type { UploadServices } from '../uploads/upload-services.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'
import { parseWith } from './request-body.js'
import { uploadId } from './request-schemas.js'

/** `GET /api/uploads/:id/receipt`: what was verified of a finished upload, to compare a copy with. */
export function receiptRoute(services: UploadServices): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  routes.get('/:id/receipt', async (context) => {
    const { id } = parseWith(uploadId, context.req.param())
    const row = await services.repository.find(context.get('owner'), id)
    if (row === undefined) throw notFound()
    return answerJson(context, receiptOf(services, row))
  })
  return routes
}
