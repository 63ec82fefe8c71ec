import { afterEach, describe, expect, test } from 'vitest'
import { ApiClient, type ProblemBody } from '../testing/api-client.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { headerAuth } from './header-auth.js'

const secret = 'a-secret-of-the-proxy-and-this-server'
let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})

async function answerTo(headers: Readonly<Record<string, string>>) {
  setup ??= await startTestServer({ authorize: headerAuth({ secret }) })
  return new ApiClient(setup.server, headers).call<ProblemBody>('GET', '/api/uploads')
}

describe('a proxy that names the owner', () => {
  test('is believed with the secret, for each owner alone', async () => {
    const running = (setup = await startTestServer({ authorize: headerAuth({ secret }) }))
    const as = (user: string) =>
      new ApiClient(running.server, { 'x-auth-secret': secret, 'x-auth-user': user })
    const request = { identity: `1:${'a'.repeat(64)}`, name: 'a', size: 20_000_000, type: '' }
    const opened = await as('anna').open(request)
    expect(opened.status).toBe(201)
    expect((await as('anna').call('GET', `/api/uploads/${opened.body.upload.id}`)).status).toBe(200)
    expect((await as('bert').call('GET', `/api/uploads/${opened.body.upload.id}`)).status).toBe(404)
  })

  test.each([
    ['no secret', {}],
    ['an empty one', { 'x-auth-secret': '' }],
    ['a shorter one', { 'x-auth-secret': secret.slice(0, -1) }],
    ['a longer one', { 'x-auth-secret': `${secret}x` }],
    ['the secret twice', { 'x-auth-secret': `${secret}, ${secret}` }],
  ])('is not believed with %s', async (_, headers) => {
    const { status, body } = await answerTo({ 'x-auth-user': 'anna', ...headers })
    expect([status, body.code]).toEqual([401, 'unauthorized'])
    expect(body.detail).toContain('proxy')
  })

  test.each(['mallory, anna', 'an na', 'ann\u00e4'])(
    'names nobody with %j, which may be the caller’s own header beside the proxy’s; the log says so',
    async (owner) => {
      const { status } = await answerTo({ 'x-auth-secret': secret, 'x-auth-user': owner })
      expect(status).toBe(401)
      expect(JSON.stringify(setup?.log)).toContain('must replace what the caller sent')
    },
  )

  test('that names nobody is of somebody who is not signed in', async () => {
    expect((await answerTo({ 'x-auth-secret': secret })).body.detail).toBe('Sign in first.')
  })

  test('cannot be set up with a secret that can be guessed, or one header for both', () => {
    expect(() => headerAuth({ secret: 'short' })).toThrow('at least 32 characters')
    expect(() => headerAuth({ secret: `${secret} ${secret}` })).toThrow('without spaces')
    expect(() => headerAuth({ secret, ownerHeader: 'X-Auth-Secret' })).toThrow(
      'must not be the header of the secret',
    )
    expect(() => headerAuth({ secret, ownerHeader: 'x user' })).toThrow('name of a header')
  })
})
