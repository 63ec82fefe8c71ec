import type { Authorize } from '../http/authorize.js'
import { isSecret } from './constant-time.js'
import { headerNameProblems, secretProblems } from './option-problems.js'

/** Options of {@link headerAuth}. */
export interface HeaderAuthOptions {
  /** What the proxy and this server know and nobody else: 32 characters or more, printable ASCII. */
  readonly secret: string
  /** Header in which the proxy says the secret. @default 'x-auth-secret' */
  readonly secretHeader?: string
  /** Header in which it says the owner. @default 'x-auth-user' */
  readonly ownerHeader?: string
}

/**
 * The owner whom a trusted proxy names in a header, where it shows the shared secret beside it. The proxy has to replace both
 * headers in each request, whatever the caller sent.
 *
 * A request without the secret, or with another one, is answered 401. One with the secret and without an owner is of somebody
 * who is not signed in, and answered 401 as well.
 *
 * @example createServer({ store, sts, database, authorize: headerAuth({ secret: process.env.PROXY_SECRET }) })
 * @throws TypeError that names every option at fault.
 */
export function headerAuth(options: HeaderAuthOptions): Authorize {
  const { secret, secretHeader = 'x-auth-secret', ownerHeader = 'x-auth-user' } = options
  const problems = [
    ...secretProblems(secret).map((problem) => `secret ${problem}`),
    ...headerNameProblems(secretHeader).map((problem) => `secretHeader ${problem}`),
    ...headerNameProblems(ownerHeader).map((problem) => `ownerHeader ${problem}`),
    ...(secretHeader.toLowerCase() === ownerHeader.toLowerCase()
      ? ['secretHeader and ownerHeader must be two headers']
      : []),
  ]
  if (problems.length > 0) throw new TypeError(`headerAuth: ${problems.join('; ')}`)
  return async ({ headers }) => {
    const said = headers.get(secretHeader)
    if (said === null || !(await isSecret(secret, said))) {
      return {
        refuse: 'This server takes requests from its proxy alone. Use the address of the page.',
        status: 401,
      }
    }
    const owner = headers.get(ownerHeader)
    if (owner === null || owner === '') return null
    // HTTP joins a header that came twice: the caller's own and the proxy's.
    if (owner.includes(',') || !/^[\x21-\x7e]+$/u.test(owner)) {
      throw new TypeError(
        `${ownerHeader} must come once and be printable ASCII without blanks and commas; the proxy has to replace what the caller sent, and percent-encode other names`,
      )
    }
    return { owner }
  }
}
