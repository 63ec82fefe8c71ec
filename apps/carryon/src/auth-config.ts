import { readFileSync } from 'node:fs'
import {
  applicationUrlProblems,
  headerAuth,
  type HeaderAuthOptions,
  headerProblems,
  httpAuth,
  type HttpAuthOptions,
  jwtAuth,
  type JwtAuthOptions,
  jwtProblems,
  type ServerOptions,
} from '@carryon/server'
import { z } from 'zod'
import { listed } from './listed.js'

/** How the server identifies owners. */
export type AuthConfig =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'header'; readonly options: HeaderAuthOptions }
  | { readonly kind: 'jwt'; readonly options: JwtAuthOptions }
  | { readonly kind: 'http'; readonly options: HttpAuthOptions }

type Environment = Readonly<Record<string, string | undefined>>

/** The variables, each validated on its own. */
export const authVariables = {
  AUTH: z
    .enum(['anonymous', 'header', 'jwt', 'http'], { error: 'must be anonymous, header, jwt or http' })
    .default('anonymous'),
  AUTH_HTTP_CACHE_SECONDS: z.coerce
    .number({ error: 'must be a number of seconds' })
    .min(0, 'must be at least 0')
    .max(300, 'must be at most 300')
    .default(10),
  AUTH_JWT_TOLERANCE: z.coerce
    .number({ error: 'must be a number of seconds' })
    .min(0, 'must be at least 0')
    .max(300, 'must be at most 300')
    .default(5),
} as const

export type AuthValues = z.infer<z.ZodObject<typeof authVariables>>

/** Missing and conflicting variables, one line each. The lines contain no secrets. */
export function authProblems(given: Environment): string[] {
  const kind = given['AUTH'] ?? 'anonymous'
  const others = Object.keys(given)
    .filter((name) => /^AUTH_(?:HEADER|JWT|HTTP)_/u.test(name))
    .filter((name) => !name.startsWith(`AUTH_${kind.toUpperCase()}_`))
    .map((name) => `${name} is of AUTH=${name.split('_')[1]?.toLowerCase() ?? ''}: set that, or leave it out`)
  switch (kind) {
    case 'header':
      return [...others, ...proxyProblems(given)]
    case 'jwt':
      return [...others, ...tokenProblems(given)]
    case 'http':
      return [...others, ...urlProblems(given)]
    default:
      return others
  }
}

/** @param given an environment for which {@link authProblems} found no problem */
export function authConfig(given: Environment, values: AuthValues): AuthConfig {
  switch (values.AUTH) {
    case 'anonymous':
      return { kind: 'anonymous' }
    case 'header':
      return { kind: 'header', options: headerOptions(given) }
    case 'jwt': {
      const keys = keysOf(given)
      if (typeof keys === 'string') throw new TypeError(keys)
      return {
        kind: 'jwt',
        options: { ...jwtOptions(given, keys), clockTolerance: values.AUTH_JWT_TOLERANCE },
      }
    }
    case 'http':
      return {
        kind: 'http',
        options: { url: given['AUTH_HTTP_URL'] ?? '', cacheSeconds: values.AUTH_HTTP_CACHE_SECONDS },
      }
  }
}

/** The server's `authorize` option; `undefined` for anonymous owners. */
export function authorizeOf(auth: AuthConfig): ServerOptions['authorize'] {
  switch (auth.kind) {
    case 'anonymous':
      return undefined
    case 'header':
      return headerAuth(auth.options)
    case 'jwt':
      return jwtAuth(auth.options)
    case 'http':
      return httpAuth(auth.options)
  }
}

function headerOptions(given: Environment): Required<HeaderAuthOptions> {
  return {
    secret: given['AUTH_HEADER_SECRET'] ?? '',
    secretHeader: given['AUTH_HEADER_SECRET_NAME'] ?? 'X-Auth-Secret',
    ownerHeader: given['AUTH_HEADER_USER_NAME'] ?? 'X-Auth-User',
  }
}

function proxyProblems(given: Environment): string[] {
  return given['AUTH_HEADER_SECRET'] === undefined
    ? [
        'AUTH_HEADER_SECRET is needed with AUTH=header: what the proxy shows beside the user, such as: openssl rand -hex 32',
      ]
    : headerProblems(headerOptions(given)).map(named)
}

function urlProblems(given: Environment): string[] {
  const url = given['AUTH_HTTP_URL']
  return url === undefined
    ? ['AUTH_HTTP_URL is needed with AUTH=http: the address of the application that says whose request it is']
    : applicationUrlProblems(url).map((problem) => `AUTH_HTTP_URL ${problem}`)
}

function tokenProblems(given: Environment): string[] {
  const keys = keysOf(given)
  if (typeof keys === 'string') return [keys]
  return jwtProblems(jwtOptions(given, keys)).map(named)
}

/** Replaces the option's name, with which each problem begins, by the name of the variable. */
function named(problem: string): string {
  const [option = '', ...words] = problem.split(' ')
  return [variables[option.replace(/:$/u, '')] ?? option, ...words].join(' ')
}

const variables: Readonly<Record<string, string>> = {
  secret: 'AUTH_HEADER_SECRET',
  secretHeader: 'AUTH_HEADER_SECRET_NAME',
  ownerHeader: 'AUTH_HEADER_USER_NAME',
  keys: 'AUTH_JWT_JWKS or AUTH_JWT_SECRET:',
  issuer: 'AUTH_JWT_ISSUER',
  audience: 'AUTH_JWT_AUDIENCE',
  algorithms: 'AUTH_JWT_ALGORITHMS:',
  ownerClaim: 'AUTH_JWT_OWNER',
  cookie: 'AUTH_JWT_COOKIE',
}

function jwtOptions(given: Environment, keys: JwtAuthOptions['keys']): JwtAuthOptions {
  const issuer = given['AUTH_JWT_ISSUER']
  const audience = given['AUTH_JWT_AUDIENCE']
  const algorithms = given['AUTH_JWT_ALGORITHMS']
  const cookie = given['AUTH_JWT_COOKIE']
  return {
    keys,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
    ...(algorithms !== undefined && { algorithms: listed(algorithms) }),
    ...(cookie !== undefined && { cookie }),
    ownerClaim: given['AUTH_JWT_OWNER'] ?? 'sub',
    contextClaims: listed(given['AUTH_JWT_CONTEXT']),
  }
}

/** The keys, or a text that says what is wrong. A key file is read once; changes take effect after a restart. */
function keysOf(given: Environment): JwtAuthOptions['keys'] | string {
  const secret = given['AUTH_JWT_SECRET']
  const jwks = given['AUTH_JWT_JWKS']
  if ((secret === undefined) === (jwks === undefined)) {
    return 'AUTH_JWT_JWKS (public keys: an address or a file) or AUTH_JWT_SECRET is needed with AUTH=jwt, one of the two'
  }
  if (secret !== undefined) return { secret }
  if (jwks === undefined || /^https?:\/\//u.test(jwks)) return { jwksUrl: jwks ?? '' }
  try {
    return { jwks: JSON.parse(readFileSync(jwks, 'utf8')) as { keys: [] } }
  } catch (error) {
    const reason =
      error instanceof SyntaxError
        ? 'it is no JSON'
        : error instanceof Error
          ? error.message
          : 'it cannot be read'
    return `AUTH_JWT_JWKS names neither an address (https://…) nor a file of public keys: ${reason}`
  }
}
