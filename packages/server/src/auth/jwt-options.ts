import type { JSONWebKeySet } from 'jose'
import { applicationUrlProblems } from '../ask-application.js'

/** Options of {@link jwtAuth}. */
export interface JwtAuthOptions {
  /**
   * Verifies signatures: public keys from a URL (`jwksUrl`) or inline (`jwks`), for RS256, PS256, ES256 and EdDSA; or one
   * `secret` for HS256, of at least 32 bytes in UTF-8 (RFC 7518, 3.2).
   */
  readonly keys: { readonly jwksUrl: string } | { readonly jwks: JSONWebKeySet } | { readonly secret: string }
  /** `iss` that a token must have. Required with public keys. */
  readonly issuer?: string
  /**
   * `aud` that a token must have, alone or among others. Required with public keys, which may sign tokens for other
   * services too.
   */
  readonly audience?: string
  /** Allowed algorithms, which must fit the keys; never `none`. @default RS256, PS256, ES256, EdDSA; with a secret HS256 */
  readonly algorithms?: readonly string[]
  /** Tolerated clock difference in seconds, 0 to 300. @default 5 */
  readonly clockTolerance?: number
  /** Claim that names the owner. @default 'sub' */
  readonly ownerClaim?: string
  /** Claims that become the context of hooks. @default none */
  readonly contextClaims?: readonly string[]
  /**
   * Cookie that holds the token of requests without `Authorization: Bearer`, such as links and downloads, which cannot
   * send that header. If a request has several cookies of that name with different values, none is used.
   */
  readonly cookie?: string
  /** Returns the current time. @default the system clock */
  readonly now?: () => Date
}

const asymmetric = /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/u
/** Minimum bytes of a secret (RFC 7518, 3.2). */
const shortestSecret: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 }

/** Problems of the options of `jwtAuth`, each beginning with the option's name. */
export function jwtProblems(options: JwtAuthOptions): string[] {
  const { keys, issuer, audience, clockTolerance = 5, ownerClaim = 'sub', cookie } = options
  const problems =
    'secret' in keys ? secretProblems(keys.secret, options.algorithms) : publicKeyProblems(options)
  if (options.algorithms?.length === 0) problems.push('algorithms must name at least one')
  if (issuer === '') problems.push('issuer must not be empty')
  if (audience === '') problems.push('audience must not be empty')
  if (!(clockTolerance >= 0 && clockTolerance <= 300))
    problems.push('clockTolerance must be 0 to 300 seconds')
  if (ownerClaim === '') problems.push('ownerClaim must not be empty')
  if (cookie !== undefined && !/^[\w!#$%&'*+.^`|~-]+$/u.test(cookie)) {
    problems.push('cookie must be the name of a cookie')
  }
  return problems
}

function secretProblems(secret: string, algorithms: readonly string[] = ['HS256']): string[] {
  const bytes = new TextEncoder().encode(secret).byteLength
  return algorithms.flatMap((name) => {
    const least = shortestSecret[name]
    if (least === undefined)
      return [`algorithms: ${name} does not work with a secret; use HS256, or public keys`]
    return bytes < least ? [`keys: the secret must have at least ${least} bytes for ${name}`] : []
  })
}

function publicKeyProblems({ keys, issuer, audience, algorithms = [] }: JwtAuthOptions): string[] {
  const problems = algorithms
    .filter((name) => !asymmetric.test(name))
    // Otherwise a public key would be used as an HMAC secret.
    .map((name) => `algorithms: ${name} does not work with public keys; use RS256, PS256, ES256 or EdDSA`)
  if (issuer === undefined) problems.push('issuer is needed with public keys')
  if (audience === undefined) problems.push('audience is needed with public keys')
  if ('jwksUrl' in keys) {
    problems.push(...applicationUrlProblems(keys.jwksUrl).map((problem) => `keys: jwksUrl ${problem}`))
  }
  if ('jwks' in keys) problems.push(...keySetProblems(keys.jwks))
  return problems
}

function keySetProblems(set: unknown): string[] {
  const keys: unknown = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : undefined
  if (!Array.isArray(keys) || keys.length === 0) {
    return ['keys: the JWKS must be JSON with "keys", as an identity provider serves it']
  }
  const isPrivate = keys.some(
    (key: unknown) => typeof key === 'object' && key !== null && ('d' in key || 'k' in key),
  )
  return isPrivate
    ? ['keys: the JWKS holds a secret or private key. Give this server the public keys alone']
    : []
}
