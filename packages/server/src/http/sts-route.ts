import type { StoreLocation } from '@carryon/object-store'
import { Hono } from 'hono'
import { accessLifetime } from '../access/access-issuer.js'
import { CredentialCache } from '../access/credential-cache.js'
import type { StsIssuer } from '../sts/sts-issuer.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'
import { type RateLimiter, callerOf } from './rate-limiter.js'
import { Problem } from '../problem.js'

export interface StsRouteOptions {
  readonly sts: StsIssuer
  readonly location: StoreLocation
  /** Key prefix that an owner's credentials cover; '' is the whole bucket. */
  readonly prefixOf: (owner: string) => Promise<string>
  readonly now: () => number
  readonly rateLimiter: RateLimiter
}

const cachedOwners = 1_000

/** `GET /sts`: the answer that apps with Tencent's `cos-js-sdk-v5` expect from their server (436/11459, `getAuthorization`). */
export function stsRoute({ sts, location, prefixOf, now, rateLimiter }: StsRouteOptions): Hono<AppEnv> {
  const cache = new CredentialCache(cachedOwners, now)
  const route = new Hono<AppEnv>()
  route.get('/', async (context) => {
    await rateLimiter.call(callerOf(context))
    const prefix = await prefixOf(context.get('owner'))
    const issued = await cache.get(prefix, accessLifetime, () =>
      sts.issue({ location, scope: { kind: 'prefix', prefix }, lifetime: accessLifetime }),
    )
    return answerJson(context, {
      credentials: {
        tmpSecretId: issued.credentials.accessKeyId,
        tmpSecretKey: issued.credentials.secretAccessKey,
        sessionToken: issued.credentials.sessionToken,
      },
      startTime: issued.startsAt,
      expiredTime: issued.expiresAt,
      bucket: location.bucket,
      region: location.region,
      prefix,
    })
  })
  return route
}

/** The route while it is switched off. */
export function stsRouteOff(): Hono<AppEnv> {
  const route = new Hono<AppEnv>()
  route.get('/', () => {
    throw new Problem(
      'not-found',
      'Credentials for other apps are switched off. The administrator can allow them with STS_ALLOW_PREFIX.',
    )
  })
  return route
}
