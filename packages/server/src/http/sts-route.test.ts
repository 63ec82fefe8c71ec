import { afterEach, expect, test } from 'vitest'
import type { StsIssuer } from '../sts/sts-issuer.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { ServerOptions } from '../server-options.js'

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})

const sts: StsIssuer = {
  issue: () =>
    Promise.resolve({
      credentials: { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' },
      startsAt: 0,
      expiresAt: 1_800,
    }),
}
const noticesWith = async (options: Partial<ServerOptions>): Promise<string[]> => {
  setup = await startTestServer({ sts, ...options })
  return setup.log.flatMap((entry) => (entry.event === 'notice' ? entry.message : []))
}

test.each(['own', 'shared/'])(
  'is said in the log to be for everybody without authorize: %s',
  async (prefix) => {
    const [notice, ...others] = await noticesWith({ stsAllowPrefix: prefix, authorize: undefined })
    expect(notice).toMatch(/GET \/sts.*anybody.*without limits.*authorize.*STS_ALLOW_PREFIX=off/u)
    expect(others).toEqual([])
  },
)

test.each([
  ['it is off', { stsAllowPrefix: 'off', authorize: undefined }],
  ['somebody says who may', { stsAllowPrefix: 'own' }],
  ['the store has no STS', { stsAllowPrefix: 'own', authorize: undefined, sts: null }],
])('nothing is said where %s', async (_, options) => {
  expect(await noticesWith(options)).toEqual([])
})
