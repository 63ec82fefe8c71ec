import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'carryon-auth-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function problemsOf(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n')
    throw error
  }
  throw new Error('expected a ConfigError')
}

const secret = 'a-secret-of-thirty-two-characters'
const hookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const tokens = { AUTH: 'jwt', AUTH_JWT_ISSUER: 'https://login.example.com/', AUTH_JWT_AUDIENCE: 'uploads' }

describe('where owners come from', () => {
  it('is a cookie, unless something else is said', () => {
    expect(readConfig({}).auth).toEqual({ kind: 'anonymous' })
  })

  it('is a header of a proxy', () => {
    expect(readConfig({ AUTH: 'header', AUTH_HEADER_SECRET: secret }).auth).toEqual({
      kind: 'header',
      options: { secret, secretHeader: 'X-Auth-Secret', ownerHeader: 'X-Auth-User' },
    })
  })

  it('is a token, whose keys are an address, a file or a secret', () => {
    const jwks = { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] }
    const of = (env: Record<string, string>) => readConfig({ ...tokens, ...env }).auth
    expect(of({ AUTH_JWT_JWKS: 'https://login.example.com/jwks' })).toMatchObject({
      kind: 'jwt',
      options: {
        keys: { jwksUrl: 'https://login.example.com/jwks' },
        issuer: 'https://login.example.com/',
        audience: 'uploads',
        clockTolerance: 5,
        ownerClaim: 'sub',
      },
    })
    expect(of({ AUTH_JWT_JWKS: fileOf('jwks.json', JSON.stringify(jwks)) })).toMatchObject({
      options: { keys: { jwks } },
    })
    expect(of({ AUTH_JWT_SECRET: secret, AUTH_JWT_CONTEXT: 'plan, email' })).toMatchObject({
      options: { keys: { secret }, contextClaims: ['plan', 'email'] },
    })
  })

  it('is an address of the application', () => {
    const url = 'http://app:8080/whoami'
    expect(readConfig({ AUTH: 'http', AUTH_HTTP_URL: url, AUTH_HTTP_CACHE_SECONDS: '0' }).auth).toEqual({
      kind: 'http',
      options: { url, cacheSeconds: 0 },
    })
  })

  it.each<[Record<string, string>, string]>([
    [{ AUTH: 'oauth' }, 'AUTH must be anonymous, header, jwt or http'],
    [{ AUTH: 'header' }, 'AUTH_HEADER_SECRET is needed'],
    [{ AUTH: 'header', AUTH_HEADER_SECRET: 'short' }, 'AUTH_HEADER_SECRET must have at least 32 characters'],
    [
      { AUTH: 'header', AUTH_HEADER_SECRET: secret, AUTH_HEADER_USER_NAME: 'x user' },
      'AUTH_HEADER_USER_NAME',
    ],
    [
      { AUTH: 'header', AUTH_HEADER_SECRET: secret, AUTH_HEADER_USER_NAME: 'x-auth-secret' },
      'AUTH_HEADER_USER_NAME must not be the header of the secret',
    ],
    [{ AUTH: 'jwt' }, 'one of the two'],
    [{ ...tokens, AUTH_JWT_SECRET: secret, AUTH_JWT_JWKS: 'https://x.example.com' }, 'one of the two'],
    [{ ...tokens, AUTH_JWT_SECRET: 'short' }, 'at least 32 bytes'],
    [
      { ...tokens, AUTH_JWT_SECRET: secret, AUTH_JWT_ALGORITHMS: 'none' },
      'AUTH_JWT_ALGORITHMS: none does not work',
    ],
    [
      { ...tokens, AUTH_JWT_SECRET: secret, AUTH_JWT_TOLERANCE: '3600' },
      'AUTH_JWT_TOLERANCE must be at most 300',
    ],
    [
      { ...tokens, AUTH_JWT_JWKS: 'https://x.example.com', AUTH_JWT_ALGORITHMS: 'RS256,HS256' },
      'HS256 does not work',
    ],
    [{ AUTH: 'jwt', AUTH_JWT_JWKS: 'https://x.example.com' }, 'AUTH_JWT_AUDIENCE is needed'],
    [{ AUTH: 'jwt', AUTH_JWT_JWKS: 'https://x.example.com' }, 'AUTH_JWT_ISSUER is needed'],
    [{ ...tokens, AUTH_JWT_JWKS: 'login.example.com/jwks' }, 'neither an address (https://…) nor a file'],
    [{ ...tokens, AUTH_JWT_JWKS: 'https://' }, 'must be an http:// or https:// URL'],
    [{ AUTH: 'http' }, 'AUTH_HTTP_URL is needed'],
    [{ AUTH: 'http', AUTH_HTTP_URL: 'app/whoami' }, 'AUTH_HTTP_URL must be an http'],
    [
      { AUTH: 'http', AUTH_HTTP_URL: 'http://app/', AUTH_HTTP_CACHE_SECONDS: '3600' },
      'AUTH_HTTP_CACHE_SECONDS',
    ],
    [{ AUTH_JWT_SECRET: secret }, 'AUTH_JWT_SECRET is of AUTH=jwt: set that, or leave it out'],
    [
      { AUTH: 'http', AUTH_HTTP_URL: 'http://app/', AUTH_HEADER_SECRET: secret },
      'AUTH_HEADER_SECRET is of AUTH=header',
    ],
  ])('is not %j', (env, message) => {
    const problems = problemsOf(env)
    expect(problems).toContain(message)
    expect(problems).not.toContain(secret)
  })

  it('is no file of private keys, or of something else', () => {
    const of = (name: string, content: string) =>
      problemsOf({ ...tokens, AUTH_JWT_JWKS: fileOf(name, content) })
    expect(of('text.json', 'keys')).toContain('it is no JSON')
    expect(of('none.json', '{}')).toContain('JSON with "keys"')
    expect(of('private.json', '{"keys":[{"kty":"EC","d":"x"}]}')).toContain('public keys alone')
  })
})

describe('the application that hears of uploads', () => {
  it('is nobody, unless one is named', () => {
    expect(readConfig({}).hooks).toBeUndefined()
  })

  it('is told at its address, signed with one secret or several', () => {
    const env = { HOOK_URL: 'https://app.example.com/hooks', HOOK_SECRET: hookSecret }
    expect(readConfig(env).hooks).toEqual({
      url: env.HOOK_URL,
      secret: [hookSecret],
      hooks: ['onOpen', 'onDone'],
      timeout: 10_000,
    })
    const more = { HOOK_SECRET: `${hookSecret}, ${hookSecret}`, HOOK_EVENTS: 'done', HOOK_TIMEOUT: '3' }
    expect(readConfig({ ...env, ...more }).hooks).toMatchObject({
      secret: [hookSecret, hookSecret],
      hooks: ['onDone'],
      timeout: 3_000,
    })
  })

  it.each<[Record<string, string>, string]>([
    [{ HOOK_URL: 'https://app.example.com' }, 'HOOK_SECRET is needed with HOOK_URL'],
    [{ HOOK_SECRET: hookSecret }, 'HOOK_SECRET needs HOOK_URL'],
    [{ HOOK_URL: 'app', HOOK_SECRET: hookSecret }, 'HOOK_URL must be an http'],
    [
      { HOOK_URL: 'https://me:pw@app.example.com', HOOK_SECRET: hookSecret },
      'HOOK_URL must not contain a user and password',
    ],
    [{ HOOK_URL: 'https://app.example.com', HOOK_SECRET: 'whsec_c2hvcnQ=' }, '24 to 64 bytes'],
    [
      { HOOK_URL: 'https://app.example.com', HOOK_SECRET: hookSecret, HOOK_EVENTS: 'finish' },
      'HOOK_EVENTS must be open',
    ],
    [
      { HOOK_URL: 'https://app.example.com', HOOK_SECRET: hookSecret, HOOK_TIMEOUT: '60' },
      'HOOK_TIMEOUT must be at most',
    ],
  ])('is not %j', (env, message) => {
    const problems = problemsOf(env)
    expect(problems).toContain(message)
    expect(problems).not.toMatch(/c2hvcnQ|MfKQ9r8G/u)
  })
})
