import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiClient, type OpenedBody } from '../testing/api-client.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
})
afterEach(() => setup.close())

const md5Of = (number: number) => createHash('md5').update(String(number)).digest('base64')
const contents = Array.from({ length: 50 }, (_, number) => number)
const byMd5 = (number: number) => ({ identity: '1:9:same', name: 'a', size: 9, type: '', md5: md5Of(number) })
const bySize = (number: number) => ({ identity: '1:9:same', name: 'a', size: number, type: '' })

async function openRows() {
  const { body } = await setup.api.call<{ uploads: { id: string }[] }>('GET', '/api/uploads?limit=200')
  return body.uploads.map(({ id }) => id).sort()
}

test.each([
  ['MD5s', byMd5],
  ['sizes', bySize],
])(
  'fifty files of one identity and other %s at once: each has an upload, and finds it again',
  async (_, file) => {
    const openAll = () => Promise.all(contents.map((number) => setup.api.open(file(number))))
    const first = await openAll()
    expect(first.map(({ status }) => status)).toEqual(contents.map(() => 201))
    const ids = first.map(({ body }) => body.upload.id)
    expect(new Set(ids).size).toBe(contents.length)
    expect(await openRows()).toEqual([...ids].sort())

    const again = await openAll()
    expect(again.map(({ status, body }) => [status, body.upload.id])).toEqual(ids.map((id) => [200, id]))
  },
)

test('the same in a batch', async () => {
  const { body } = await setup.api.call<{ opened: { status: number; body: OpenedBody }[] }>(
    'POST',
    '/api/uploads/batch',
    { open: contents.map(byMd5) },
  )
  expect(body.opened.map(({ status }) => status)).toEqual(contents.map(() => 201))
  expect(await openRows()).toEqual(body.opened.map((opened) => opened.body.upload.id).sort())
})

test('the same over several servers', async () => {
  const servers = [setup.server, await setup.another(), await setup.another()]
  const answers = await Promise.all(
    contents.map((number) =>
      new ApiClient(servers[number % servers.length] ?? setup.server).open(byMd5(number)),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual(contents.map(() => 201))
  expect(await openRows()).toEqual(answers.map(({ body }) => body.upload.id).sort())
})
