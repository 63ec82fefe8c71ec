import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test('a connection to the store is opened while the upload is still being opened', async ({
  visitor,
  files,
}) => {
  let connections = 0
  const connected = createServer(() => {
    connections++
  })
  connected.listen(0, '127.0.0.1')
  await once(connected, 'listening')
  const storeOrigin = `http://127.0.0.1:${(connected.address() as AddressInfo).port}`
  try {
    const file = await files.make('film.mkv', 16 * MiB)
    const { page } = visitor.chromium
    await page.route('**/api/uploads?state=*', async (route) => {
      const response = await route.fetch()
      const answer = (await response.json()) as { readonly storeOrigin: string }
      expect(answer.storeOrigin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      await route.fulfill({ response, json: { ...answer, storeOrigin } })
    })
    const connecting = once(connected, 'connection')
    await page.route('**/api/uploads', async (route) => {
      // If the page never opens a connection, the request never continues.
      await connecting
      await route.continue()
    })
    const uploads = await visitor.open()
    await uploads.page.waitForLoadState('networkidle')
    expect(connections).toBe(0)
    await uploads.pick(file.path)
    await uploads.row(file.path).waitFor('done')
  } finally {
    connected.close()
  }
})
