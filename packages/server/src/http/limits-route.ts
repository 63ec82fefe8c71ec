import type { LimitsAnswer } from '@carryon/protocol'
import { Hono } from 'hono'
import { limitsWithin } from '../limits/owner-limits.js'
import type { UploadServices } from '../uploads/upload-services.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'
import { callerOf, type RateLimiter } from './rate-limiter.js'

/**
 * `GET /api/limits`: what the caller may upload, how much of that is left, and how long uploads are kept.
 *
 * @param anonymous whether the server has no sign-in
 */
export function limitsRoute(
  services: UploadServices,
  rateLimiter: RateLimiter,
  anonymous: boolean,
): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  routes.get('/', async (context) => {
    const caller = callerOf(context)
    await rateLimiter.call(caller)
    const { repository, limits } = services
    const { maxFileBytes, mediaTypes, extensions, openFiles, openBytes, totalBytes } = limitsWithin(
      limits.ownerLimits,
      caller.limits,
    )
    const [{ open, bytes }, all] = await Promise.all([
      repository.usage.ofOwner(caller.owner),
      repository.usage.bytesOfOwner(caller.owner),
    ])
    const used = { openFiles: open, openBytes: bytes, totalBytes: all.open + all.done }
    const answer: LimitsAnswer = {
      limits: {
        ...{ maxFileBytes, mediaTypes, extensions },
        openFiles: orNull(openFiles),
        openBytes: orNull(openBytes),
        totalBytes: orNull(totalBytes),
      },
      used,
      left: {
        openFiles: leftOf(openFiles, used.openFiles),
        openBytes: leftOf(openBytes, used.openBytes),
        totalBytes: leftOf(totalBytes, used.totalBytes),
      },
      terms: {
        storeHost: new URL(services.store.location.baseUrl).host,
        unfinishedDays: limits.expireDays,
        finishedDays: limits.retentionDays,
        anonymous,
        shareSeconds: context.get('authorized').share ? limits.shareSeconds : 0,
      },
    }
    return answerJson(context, answer)
  })
  return routes
}

const orNull = (limit: number) => (limit === Infinity ? null : limit)
const leftOf = (limit: number, used: number) => orNull(Math.max(0, limit - used))
