import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AccessGrant } from '@carryon/protocol'
import { startTestServer, type TestServer } from '../testing/test-server.js'

const MiB = 2 ** 20
let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
})
afterEach(() => setup.close())

/** Asks a server without an STS for the URL of one part beyond the planned ones. */
async function askBeyond(grows: boolean) {
  const size = 30 * 1024 * MiB
  const open = { identity: `1:${String(grows)}`, name: 'a.bin', size, type: '', grows }
  const { upload } = (await setup.api.open(open)).body
  const partNumber = upload.partCount + 1
  const { status, body } = await setup.api.call<{ access: AccessGrant }>(
    'POST',
    `/api/uploads/${upload.id}/access`,
    { partNumbers: [partNumber], sizes: [3 * MiB] },
  )
  return { status, partNumber, body }
}

test('a part beyond the count at open gets its URL where the client decides how many there are', async () => {
  const { status, partNumber, body } = await askBeyond(true)
  expect(status).toBe(200)
  expect(body.access).toMatchObject({ urls: { [partNumber]: expect.stringContaining('signed') as unknown } })
})

test('and is refused where all parts have one size', async () => {
  expect((await askBeyond(false)).status).toBe(400)
})
