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
  const { body } = await setup.api.call<{ uploads: { id: string }[] }>('GET', '/api/uploads')
  return body.uploads.map(({ id }) => id)
}

test.each([
  ['MD5s', byMd5],
  ['sizes', bySize],
])('fifty files of one identity and other %s at once: each is opened, and one is left', async (_, file) => {
  const answers = await Promise.all(contents.map((number) => setup.api.open(file(number))))
  expect(answers.map(({ status }) => status)).toEqual(contents.map(() => 201))
  const last = answers.at(-1)
  expect(await openRows()).toEqual([last?.body.upload.id])
})

test('the same in a batch', async () => {
  const { body } = await setup.api.call<{ opened: { status: number; body: OpenedBody }[] }>(
    'POST',
    '/api/uploads/batch',
    { open: contents.map(byMd5) },
  )
  expect(body.opened.map(({ status }) => status)).toEqual(contents.map(() => 201))
  expect(await openRows()).toHaveLength(1)
})

test('over several servers nobody is told of an error of ours, and one is left', async () => {
  const servers = [setup.server, await setup.another(), await setup.another()]
  const answers = await Promise.all(
    contents.map((number) =>
      new ApiClient(servers[number % servers.length] ?? setup.server).open(byMd5(number)),
    ),
  )
  for (const { status, headers } of answers) {
    expect([201, 429]).toContain(status)
    if (status === 429) expect(headers.get('retry-after')).toBe('1')
  }
  expect(await openRows()).toHaveLength(1)
})
