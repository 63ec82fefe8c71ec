import { randomUUID } from 'node:crypto'
import type { ObjectStore } from '@carryon/object-store'
import { Hono } from 'hono'
import { bareForm } from './bare-form.js'

/** Lifetime of the signatures in seconds, longer than any run. */
const lifetime = 6 * 3600

/**
 * Presigned URLs and forms for the bare uploads that set the upper limit. Pages request them before the clock starts.
 *
 * - `POST /parts {partCount}`: URLs for the parts of one new multipart upload
 * - `POST /objects {count}`: URLs for one PUT each
 * - `POST /forms {count}`: forms for one object each, COS only
 */
export function bareUploads(store: ObjectStore): Hono {
  const routes = new Hono()
  routes.post('/parts', async (context) => {
    const { partCount } = await context.req.json<{ partCount: number }>()
    const key = `bare/${randomUUID()}`
    const { uploadId } = await store.createMultipartUpload(key)
    const signed = await Promise.all(
      Array.from({ length: partCount }, (_, index) =>
        store.presign({
          method: 'PUT',
          key,
          query: { partNumber: String(index + 1), uploadId },
          expiresIn: lifetime,
        }),
      ),
    )
    return context.json(signed.map(({ url }) => url))
  })
  routes.post('/objects', async (context) => {
    const { count } = await context.req.json<{ count: number }>()
    const signed = await Promise.all(
      Array.from({ length: count }, () =>
        store.presign({ method: 'PUT', key: `bare/${randomUUID()}`, expiresIn: lifetime }),
      ),
    )
    return context.json(signed.map(({ url }) => url))
  })
  routes.post('/forms', async (context) => {
    const { count } = await context.req.json<{ count: number }>()
    const { baseUrl } = store.location
    return context.json(
      Array.from({ length: count }, () => bareForm(baseUrl, `bare/${randomUUID()}`, lifetime)),
    )
  })
  return routes
}
