import type { ObjectStore } from '@carryon/object-store'
import type { BucketProblem } from './bucket.js'

/** Timeout of one preflight, in milliseconds. */
const timeout = 10_000

/** Result of checking the address at which browsers reach the bucket. */
export interface BrowserAddressReport {
  readonly lines: readonly string[]
  readonly problems: readonly BucketProblem[]
}

/**
 * Sends the preflight that a browser sends before a part to the address for browsers. Even when the bucket's CORS rules are
 * right, a domain in front of the bucket may answer differently. An address that this machine cannot reach is reported
 * but is not a problem, because browsers may be able to reach it.
 */
export async function checkBrowserAddress(
  store: ObjectStore,
  origins: readonly string[],
): Promise<BrowserAddressReport> {
  const { url } = await store.presign({ method: 'PUT', key: 'carryon-check', expiresIn: 60 })
  const address = new URL(url).origin
  const problems: BucketProblem[] = []
  for (const origin of origins) {
    try {
      const headers = {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      }
      const answer = await fetch(url, { method: 'OPTIONS', headers, signal: AbortSignal.timeout(timeout) })
      const allowed = answer.headers.get('access-control-allow-origin')
      if (answer.ok && (allowed === '*' || allowed === origin)) continue
      problems.push({
        problem: `${address} does not let ${origin} send PUT: it answered a preflight with ${answer.status}${allowed === null ? ' and without Access-Control-Allow-Origin' : ''}`,
        remedy:
          'check that this domain leads to the bucket, and that what is before it hands on OPTIONS and Origin',
      })
    } catch {
      return {
        lines: [`browsers ${address} cannot be reached from this machine; try it where browsers are`],
        problems,
      }
    }
  }
  return { lines: problems.length === 0 ? [`browsers ${address} answers their preflights`] : [], problems }
}
