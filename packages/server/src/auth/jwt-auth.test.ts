import { createHmac } from 'node:crypto'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ApiClient, type ProblemBody } from '../testing/api-client.js'
import { json, startApplication } from '../testing/application.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { jwtAuth } from './jwt-auth.js'
import type { JwtAuthOptions } from './jwt-options.js'

type Pair = Awaited<ReturnType<typeof generateKeyPair>>

const issuer = 'https://login.example.com/'
const audience = 'uploads'
const time = Date.parse('2026-11-22T12:00:00Z') / 1_000
let pair: Pair
let stranger: Pair
let jwks: { keys: Awaited<ReturnType<typeof exportJWK>>[] }
beforeAll(async () => {
  pair = await generateKeyPair('RS256', { extractable: true })
  stranger = await generateKeyPair('RS256')
  jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] }
})

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})

const start = async (options: Partial<JwtAuthOptions> = {}): Promise<TestServer> =>
  (setup = await startTestServer({
    authorize: jwtAuth({ keys: { jwks }, issuer, audience, now: () => new Date(time * 1_000), ...options }),
  }))

const answerTo = ({ server }: TestServer, token: string, headers: Record<string, string> = {}) =>
  new ApiClient(server, { authorization: `Bearer ${token}`, ...headers }).call<ProblemBody>(
    'GET',
    '/api/uploads',
  )

const claims = (more: JWTPayload = {}): JWTPayload => ({
  sub: 'anna',
  iss: issuer,
  aud: audience,
  exp: time + 60,
  ...more,
})
const signed = (
  payload: JWTPayload,
  key: CryptoKey | Uint8Array = pair.privateKey,
  alg = 'RS256',
  kid?: string,
) => new SignJWT(payload).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(key)

describe('a token', () => {
  test('names the owner, by any case of its scheme, and claims for hooks', async () => {
    const contexts: unknown[] = []
    const authorize = jwtAuth({
      keys: { jwks },
      issuer,
      audience,
      contextClaims: ['plan'],
      now: () => new Date(time * 1_000),
    })
    setup = await startTestServer({
      authorize,
      onOpen: ({ owner, context }) => void contexts.push([owner, context]),
    })
    const token = await signed(claims({ plan: 'pro', secretThing: 1 }))
    const api = new ApiClient(setup.server, { authorization: `bearer ${token}` })
    const opened = await api.open({ identity: `1:${'a'.repeat(64)}`, name: 'a', size: 20_000_000, type: '' })
    expect(opened.status).toBe(201)
    expect(contexts).toEqual([['anna', { plan: 'pro' }]])
  })

  test('comes from a cookie as well, where that is set; a header counts more', async () => {
    const running = await start({ cookie: 'session' })
    const cookie = `other=1; session=${await signed(claims())}; xsession=2`
    const call = (headers: Record<string, string>) =>
      new ApiClient(running.server, headers).call('GET', '/api/uploads').then(({ status }) => status)
    expect(await call({ cookie })).toBe(200)
    expect(await call({ cookie: cookie.replace('session=', 'sessio=') })).toBe(401)
    // A browser sends both if another host of the domain has set one; there is no telling which is ours.
    expect(await call({ cookie: `session=${await signed(claims({ sub: 'mallory' }))}; ${cookie}` })).toBe(401)
    expect(await call({ cookie: `${cookie}; ${cookie}` })).toBe(200)
    expect(
      await call({ cookie, authorization: `Bearer ${await signed(claims(), stranger.privateKey)}` }),
    ).toBe(401)
  })

  test.each<[string, () => Promise<string>, string]>([
    ['of algorithm none', async () => new UnsecuredJWT(claims()).encode(), 'not accepted'],
    ['for another audience', () => signed(claims({ aud: 'billing' })), 'aud'],
    ['without audience', () => signed({ sub: 'anna', iss: issuer, exp: time + 60 }), 'aud'],
    ['of another issuer', () => signed(claims({ iss: 'https://evil.example.com/' })), 'iss'],
    ['that is over', () => signed(claims({ exp: time - 6 })), 'has expired'],
    ['that never ends', () => signed({ sub: 'anna', iss: issuer, aud: audience }), 'exp'],
    ['that is not valid yet', () => signed(claims({ nbf: time + 6 })), 'nbf'],
    ['signed by another key', () => signed(claims(), stranger.privateKey), 'signature'],
    ['that names a key nobody has', () => signed(claims(), pair.privateKey, 'RS256', 'two'), 'key'],
    [
      'without an owner',
      () => signed({ iss: issuer, aud: audience, exp: time + 60 }),
      'does not say who you are',
    ],
    ['whose owner is no text', () => signed(claims({ sub: 7 as unknown as string })), '"sub"'],
    ['that is none', async () => 'a.b.c', 'not accepted'],
  ])('%s is refused', async (_, made, words) => {
    const { status, body } = await answerTo(await start(), await made())
    expect([status, body.code]).toEqual([401, 'unauthorized'])
    expect(body.detail).toContain(words)
  })

  test('of HS256, signed with the public key as its secret, is refused', async () => {
    const running = await start()
    const spki = await exportSPKI(pair.publicKey)
    for (const key of [spki, spki.trim(), JSON.stringify(jwks.keys[0]), jwks.keys[0]?.n ?? '']) {
      const content = [{ alg: 'HS256', typ: 'JWT', kid: 'one' }, claims()]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      const forged = `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`
      expect((await answerTo(running, forged)).status).toBe(401)
    }
  })

  test('that brings a key or an address of keys of its own is verified by ours alone', async () => {
    const running = await start()
    const own = { jwk: await exportJWK(stranger.publicKey), jku: 'http://127.0.0.1:9/keys', kid: 'one' }
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'RS256', ...own })
      .sign(stranger.privateKey)
    expect((await answerTo(running, token)).status).toBe(401)
  })

  test('may be as much over as clocks may differ', async () => {
    const running = await start({ clockTolerance: 30 })
    expect((await answerTo(running, await signed(claims({ exp: time - 29 })))).status).toBe(200)
    expect((await answerTo(running, await signed(claims({ exp: time - 31 })))).status).toBe(401)
  })

  test('of a shared secret is verified by HS256 and nothing else', async () => {
    const secret = 'x'.repeat(32)
    const running = await start({ keys: { secret } })
    const key = new TextEncoder().encode(secret)
    expect((await answerTo(running, await signed(claims(), key, 'HS256'))).status).toBe(200)
    expect(
      (await answerTo(running, await signed(claims(), new TextEncoder().encode('y'.repeat(32)), 'HS256')))
        .status,
    ).toBe(401)
    expect((await answerTo(running, await signed(claims()))).status).toBe(401)
    expect((await answerTo(running, new UnsecuredJWT(claims()).encode())).status).toBe(401)
  })
})

describe('public keys at an address', () => {
  test('are fetched once, and again for a key that is new', async () => {
    const next = await generateKeyPair('ES256')
    const provider = await startApplication((_, response) => json(response, 200, jwks))
    onTestFinished(() => provider.close())
    const running = await start({ keys: { jwksUrl: `${provider.url}/jwks` } })
    for (const owner of ['anna', 'bert']) {
      expect((await answerTo(running, await signed(claims({ sub: owner })))).status).toBe(200)
    }
    expect(provider.requests).toHaveLength(1)
    expect((await answerTo(running, await signed(claims(), next.privateKey, 'ES256', 'new'))).status).toBe(
      401,
    )
  })

  test('that cannot be had are no fault of the caller: 503, and the log says why', async () => {
    const provider = await startApplication((_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    )
    onTestFinished(() => provider.close())
    const running = await start({ keys: { jwksUrl: `${provider.url}/jwks` } })
    const answers = [await answerTo(running, await signed(claims()))]
    provider.answer = (_, response) => response.end('not JSON')
    answers.push(await answerTo(running, await signed(claims())))
    provider.answer = (_, response) => json(response, 200, { error: 'none' })
    answers.push(await answerTo(running, await signed(claims())))
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503])
    expect(JSON.stringify(running.log)).toContain('public keys for tokens cannot be loaded')
    provider.answer = (_, response) => json(response, 200, jwks)
    expect((await answerTo(running, await signed(claims()))).status).toBe(200)
  })
})

test('what would make tokens of others valid cannot be set up', () => {
  const problem = (options: JwtAuthOptions) => () => jwtAuth(options)
  const jwksUrl = 'https://login.example.com/jwks.json'
  expect(problem({ keys: { jwksUrl } })).toThrow(/issuer is needed.*audience is needed/u)
  expect(problem({ keys: { jwksUrl: 'login.example.com' }, issuer, audience })).toThrow('http:// or https://')
  expect(problem({ keys: { jwksUrl }, issuer, audience, algorithms: ['HS256'] })).toThrow(
    'does not work with public keys',
  )
  expect(problem({ keys: { jwksUrl }, issuer, audience, algorithms: ['none'] })).toThrow(
    'does not work with public keys',
  )
  expect(problem({ keys: { secret: 'x'.repeat(31) } })).toThrow('at least 32 bytes')
  expect(problem({ keys: { secret: 'x'.repeat(32) }, algorithms: ['HS512'] })).toThrow('at least 64 bytes')
  expect(problem({ keys: { secret: 'x'.repeat(32) }, algorithms: ['RS256'] })).toThrow(
    'does not work with a secret',
  )
  expect(problem({ keys: { jwks: { keys: [] } }, issuer, audience })).toThrow('"keys"')
  expect(problem({ keys: { jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }, issuer, audience })).toThrow(
    'public keys alone',
  )
})
