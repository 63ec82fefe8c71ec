import { afterEach, expect, test } from 'vitest'
import type { StsIssuer } from '../sts/sts-issuer.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

const sts: StsIssuer = {
  issue: async () => ({
    credentials: { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' },
    startsAt: 0,
    expiresAt: 1_800,
  }),
}
const file = new TestFile()
let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})

test('a client that cannot sign gets part URLs where others get credentials, of the same upload', async () => {
  const { api } = (setup = await startTestServer({ sts }))
  const signing = await api.open(file.request)
  expect(signing.body.access.mode).toBe('credentials')
  const { upload, access } = (await api.open({ ...file.request, urls: true })).body
  expect(upload.id).toBe(signing.body.upload.id)
  expect(access.mode === 'urls' && Object.keys(access.urls)).toEqual(['1', '2'])
  expect(JSON.stringify(access)).not.toContain('token')
})

test('it renews by naming parts; who names none gets credentials', async () => {
  const { api } = (setup = await startTestServer({ sts }))
  const { upload } = (await api.open({ ...file.request, urls: true })).body
  const renew = (body: object) =>
    api.call<{ access: { mode: string; urls?: object } }>('POST', `/api/uploads/${upload.id}/access`, body)
  const { access } = (await renew({ partNumbers: [2] })).body
  expect([access.mode, Object.keys(access.urls ?? {})]).toEqual(['urls', ['2']])
  expect((await renew({})).body.access.mode).toBe('credentials')
})
