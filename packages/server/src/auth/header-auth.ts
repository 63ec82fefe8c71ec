import type { Authorize } from '../http/authorize.js'
import { isSecret } from './constant-time.js'

/** Options of {@link headerAuth}. */
export interface HeaderAuthOptions {
  /** Secret shared by the proxy and this server only: at least 32 printable ASCII characters. */
  readonly secret: string
  /** Header that carries the secret. @default 'x-auth-secret' */
  readonly secretHeader?: string
  /** Header that carries the owner. @default 'x-auth-user' */
  readonly ownerHeader?: string
}

const usualHeaders = { secretHeader: 'x-auth-secret', ownerHeader: 'x-auth-user' }
const shortestSecret = 32

/** Problems of the options of `headerAuth`, each beginning with the option's name. The secret is never included. */
export function headerProblems(options: HeaderAuthOptions): string[] {
  const { secret, secretHeader, ownerHeader } = { ...usualHeaders, ...options }
  const problems = Object.entries({ secretHeader, ownerHeader }).flatMap(([option, name]) =>
    /^[\w!#$%&'*+.^`|~-]+$/u.test(name) ? [] : [`${option} "${name}" must be the name of a header`],
  )
  if (secret.length < shortestSecret) problems.push(`secret must have at least ${shortestSecret} characters`)
  else if (!/^[\x21-\x7e]+$/u.test(secret)) problems.push('secret must be printable ASCII without spaces')
  if (secretHeader.toLowerCase() === ownerHeader.toLowerCase()) {
    problems.push('ownerHeader must not be the header of the secret')
  }
  return problems
}

/**
 * Takes the owner from a header that a trusted proxy sets, along with a shared secret. The proxy must replace both headers in
 * each request, whatever the caller sent.
 *
 * A request without the right secret is answered 401. One with the secret but without an owner is not signed in and is
 * answered 401 as well.
 *
 * @example createServer({ store, sts, database, authorize: headerAuth({ secret: process.env.PROXY_SECRET }) })
 * @throws TypeError that names every invalid option.
 */
export function headerAuth(options: HeaderAuthOptions): Authorize {
  const { secret, secretHeader, ownerHeader } = { ...usualHeaders, ...options }
  const problems = headerProblems(options)
  if (problems.length > 0) throw new TypeError(`headerAuth: ${problems.join('; ')}`)
  return async ({ headers }) => {
    const said = headers.get(secretHeader)
    if (said === null || !(await isSecret(secret, said))) {
      return {
        refuse: 'This server accepts requests only from its proxy. Use the address of the page.',
        status: 401,
      }
    }
    const owner = headers.get(ownerHeader)
    if (owner === null || owner === '') return null
    // HTTP joins repeated headers with commas: the caller's own and the proxy's.
    if (owner.includes(',') || !/^[\x21-\x7e]+$/u.test(owner)) {
      throw new TypeError(
        `${ownerHeader} must be sent once and be printable ASCII without spaces and commas; the proxy must replace what the caller sent, and percent-encode other names`,
      )
    }
    return { owner }
  }
}
