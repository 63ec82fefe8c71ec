import { Hono } from 'hono'
import type { UploadCompleter } from '../uploads/complete-upload.js'
import type { UploadOpener } from '../uploads/open-upload.js'
import type { UploadServices } from '../uploads/upload-services.js'
import { type ApiAnswer, answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'
import { type RateLimiter, callerOf } from './rate-limiter.js'
import { completedAnswer } from './completed-answer.js'
import { openedAnswer } from './opened-answer.js'
import { problemOfError } from './problem-of-error.js'
import { readBody } from './request-body.js'
import { batchBody } from './request-schemas.js'

/**
 * `POST /api/uploads/batch`: opens and completes many small files in one call. Each item has its own answer, as if sent
 * alone; only an invalid body refuses all of them.
 */
export function batchRoute(
  services: UploadServices,
  uploadOpener: UploadOpener,
  uploadCompleter: UploadCompleter,
  rateLimiter: RateLimiter,
): Hono<AppEnv> {
  const settled = async (work: Promise<ApiAnswer>): Promise<ApiAnswer> => {
    try {
      return await work
    } catch (error) {
      const problem = problemOfError(error)
      if (problem.status >= 500) services.report('answering one of a batch', error)
      return { status: problem.status, body: problem }
    }
  }

  const routes = new Hono<AppEnv>()
  routes.post('/batch', async (context) => {
    const { open, complete } = await readBody(context, batchBody)
    const caller = callerOf(context)
    if (open.length > 0) await rateLimiter.open(caller)
    await rateLimiter.items(caller, open.length + complete.length)
    const base = context.get('base')
    const opening = async (request: (typeof open)[number]): Promise<ApiAnswer> =>
      openedAnswer(services, await uploadOpener.open(caller, request), base)
    const completing = async ({ id, ...request }: (typeof complete)[number]): Promise<ApiAnswer> =>
      completedAnswer(await uploadCompleter.complete(caller, id, request), base)
    // Run all items at once: their writes share commits, and their calls share the connections to the store.
    const [opened, completed] = await Promise.all([
      Promise.all(open.map((request) => settled(opening(request)))),
      Promise.all(complete.map((request) => settled(completing(request)))),
    ])
    return answerJson(context, { opened, completed })
  })
  return routes
}
