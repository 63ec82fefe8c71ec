import type * as Jose from 'jose'
import type { JWTPayload, JWTVerifyOptions } from 'jose'
import type { Authorize, AuthorizedOwner } from '../http/authorize.js'
import { cookieValues } from '../http/cookie-values.js'
import type { Refusal } from '../hooks/refusal.js'
import { type JwtAuthOptions, jwtProblems } from './jwt-options.js'

/** Milliseconds. */
const keysTimeout = 5_000
const publicKeyAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA']

/**
 * Takes the owner from a JSON Web Token (RFC 7519) in `Authorization: Bearer` or a cookie. A token is accepted if its
 * algorithm is allowed, its signature verifies, its issuer and audience match the options, and it has an `exp` in the
 * future. Otherwise the answer is 401 with the reason, or 503 when the public keys cannot be loaded.
 *
 * @example
 * jwtAuth({
 *   keys: { jwksUrl: 'https://login.example.com/.well-known/jwks.json' },
 *   issuer: 'https://login.example.com/',
 *   audience: 'uploads',
 * })
 * @throws TypeError that names every invalid option.
 */
export function jwtAuth(options: JwtAuthOptions): Authorize {
  const problems = jwtProblems(options)
  if (problems.length > 0) throw new TypeError(`jwtAuth: ${problems.join('; ')}`)
  const { ownerClaim = 'sub', contextClaims = [], cookie } = options
  let verifier: ReturnType<typeof verifierOf> | undefined
  return async (request) => {
    const token = bearerToken(request) ?? (cookie === undefined ? undefined : cookieOf(request, cookie))
    if (token === undefined) return null
    verifier ??= verifierOf(options)
    const verified = await (await verifier)(token)
    if ('refuse' in verified) return verified
    return ownerOf(verified.claims, ownerClaim, contextClaims)
  }
}

/** `jose` is loaded with the first token, so servers without `jwtAuth` need not install it. */
async function verifierOf(options: JwtAuthOptions) {
  const jose = await import('jose')
  const { keys, issuer, audience, clockTolerance = 5, now } = options
  const key = await keyOf(jose, keys)
  const algorithms = [...(options.algorithms ?? ('secret' in keys ? ['HS256'] : publicKeyAlgorithms))]
  return async (token: string): Promise<{ readonly claims: JWTPayload } | Refusal> => {
    const rules: JWTVerifyOptions = {
      algorithms,
      clockTolerance,
      requiredClaims: ['exp'],
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
      ...(now !== undefined && { currentDate: now() }),
    }
    try {
      return { claims: (await verified(jose, token, key, rules)).payload }
    } catch (error) {
      return refusalOf(jose, error)
    }
  }
}

type Key = Awaited<ReturnType<typeof keyOf>>

async function keyOf(jose: typeof Jose, keys: JwtAuthOptions['keys']) {
  if ('secret' in keys) return new TextEncoder().encode(keys.secret)
  return 'jwks' in keys
    ? jose.createLocalJWKSet(keys.jwks)
    : jose.createRemoteJWKSet(new URL(keys.jwksUrl), { timeoutDuration: keysTimeout })
}

async function verified(jose: typeof Jose, token: string, key: Key, rules: JWTVerifyOptions) {
  if (key instanceof Uint8Array) return jose.jwtVerify(token, key, rules)
  try {
    return await jose.jwtVerify(token, key, rules)
  } catch (error) {
    // The token does not name its key, and several keys fit: try each.
    if (!(error instanceof jose.errors.JWKSMultipleMatchingKeys)) throw error
    for await (const one of error) {
      const result = await jose.jwtVerify(token, one, rules).catch((failure: unknown) => {
        if (failure instanceof jose.errors.JWSSignatureVerificationFailed) return undefined
        throw failure
      })
      if (result !== undefined) return result
    }
    throw new jose.errors.JWSSignatureVerificationFailed()
  }
}

/** The public keys cannot be loaded. Because of its `status`, the caller is answered 503. */
class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
  readonly status = 503
}

/** @throws KeysUnavailable when the token is not at fault. */
function refusalOf({ errors }: typeof Jose, error: unknown): Refusal {
  const isTokens =
    error instanceof errors.JOSEError &&
    !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code)
  if (!isTokens) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new KeysUnavailable(`the public keys for tokens cannot be loaded: ${reason}`, { cause: error })
  }
  return error instanceof errors.JWTExpired
    ? { refuse: 'Your sign-in has expired. Sign in again.', status: 401 }
    : { refuse: `Your sign-in is not accepted here: ${error.message}. Sign in again.`, status: 401 }
}

function ownerOf(
  claims: JWTPayload,
  ownerClaim: string,
  contextClaims: readonly string[],
): AuthorizedOwner | Refusal {
  const owner = claims[ownerClaim]
  if (typeof owner !== 'string' || owner === '') {
    return {
      refuse: `Your sign-in does not say who you are: its claim "${ownerClaim}" is missing or is not text. Ask the administrator.`,
      status: 401,
    }
  }
  const context = Object.fromEntries(
    contextClaims.filter((name) => claims[name] !== undefined).map((name) => [name, claims[name]]),
  )
  return contextClaims.length > 0 ? { owner, context } : { owner }
}

function bearerToken({ headers }: Request): string | undefined {
  return /^Bearer +([\w.~+/=-]+) *$/iu.exec(headers.get('authorization') ?? '')?.[1]
}

/**
 * Of several different values, one was set by somebody else, such as another host of the domain, and there is no telling
 * which.
 */
function cookieOf({ headers }: Request, name: string): string | undefined {
  const values = new Set(cookieValues(headers.get('cookie'), name))
  values.delete('')
  return values.size === 1 ? [...values][0] : undefined
}
