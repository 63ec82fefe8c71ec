import type { Authorize } from '../http/authorize.js'
import { isSecret } from './constant-time.js'

/** Options of {@link headerAuth}. */
export interface HeaderAuthOptions {
  /** What the proxy and this server know and nobody else: 32 characters or more, printable ASCII. */
  readonly secret: string
  /** Header in which the proxy says the secret. @default 'x-auth-secret' */
  readonly secretHeader?: string
  /** Header in which it says the owner. @default 'x-auth-user' */
  readonly ownerHeader?: string
}

const usualHeaders = { secretHeader: 'x-auth-secret', ownerHeader: 'x-auth-user' }
const shortestSecret = 32

/** What is wrong with the options of `headerAuth`, each with the option's name first. No secret is repeated. */
export function headerProblems(options: HeaderAuthOptions): string[] {
  const { secret, secretHeader, ownerHeader } = { ...usualHeaders, ...options }
  const problems = Object.entries({ secretHeader, ownerHeader }).flatMap(([option, name]) =>
    /^[\w!#$%&'*+.^`|~-]+$/u.test(name) ? [] : [`${option} "${name}" must be the name of a header`],
  )
  if (secret.length < shortestSecret) problems.push(`secret must have at least ${shortestSecret} characters`)
  else if (!/^[\x21-\x7e]+$/u.test(secret)) problems.push('secret must be printable ASCII without blanks')
  if (secretHeader.toLowerCase() === ownerHeader.toLowerCase()) {
    problems.push('ownerHeader must be another header than that of the secret')
  }
  return problems
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
  const { secret, secretHeader, ownerHeader } = { ...usualHeaders, ...options }
  const problems = headerProblems(options)
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
