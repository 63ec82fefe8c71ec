import type { StoreLocation } from '@carryon/object-store'
import type { StsIssuer } from '@carryon/server'
import { Hono } from 'hono'

/** Key prefix under which the S3 peers may write. */
export const peerPrefix = 'peers/'

/** Lifetime of the credentials, in seconds. */
const lifetime = 3600

/** `GET /`: temporary credentials for the S3 peers, as an application's own server would issue them. */
export function peerCredentials(sts: StsIssuer | null, location: StoreLocation): Hono {
  const routes = new Hono()
  routes.get('/', async (context) => {
    if (sts === null) return context.json({ error: 'This store has no STS.' }, 404)
    const { credentials } = await sts.issue({
      location,
      scope: { kind: 'prefix', prefix: peerPrefix },
      lifetime,
    })
    return context.json(credentials)
  })
  return routes
}
