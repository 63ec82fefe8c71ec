import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiClient } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { day, startTestServer, type TestServer } from '../testing/test-server.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer({ publicBaseUrl: 'https://files.example/up', basePath: '' })
})
afterEach(() => setup.close())

async function finish(fill: number, owner = 'anna', type = 'video/mp4') {
  const file = new TestFile(fill)
  const api = new ApiClient(setup.server, { 'x-owner': owner })
  const { upload } = (await api.open({ ...file.request, type })).body
  await file.send(setup.store, upload)
  await api.complete(upload.id, file.completeRequest)
  setup.advance(1_000)
  return upload
}

/** A request as the proxy passes it on. */
const behindProxy = (url: string) =>
  new Request(url.replace('https://files.example/up', 'https://files.example'))

test('finds an upload of any owner, and says whose it is', async () => {
  const { id } = await finish(1, 'bert')
  expect(await setup.server.uploads.find(id)).toMatchObject({
    ...{ id, owner: 'bert', state: 'done', name: 'holiday.mp4' },
    url: `https://files.example/up/api/uploads/${id}/object`,
  })
  expect(await setup.server.uploads.find('nobody')).toBeNull()
})

test('lists all owners or one, page by page, newest first', async () => {
  const ids: string[] = []
  for (const [fill, owner] of [
    [1, 'anna'],
    [2, 'bert'],
    [3, 'anna'],
  ] as const) {
    ids.unshift((await finish(fill, owner)).id)
  }
  const { uploads } = setup.server
  const first = await uploads.list({ limit: 2 })
  expect(first.uploads.map(({ id }) => id)).toEqual(ids.slice(0, 2))
  const { next } = first
  if (next === null) throw new Error('there are more')
  const second = await uploads.list({ limit: 2, after: next })
  expect([second.uploads.map(({ id }) => id), second.next]).toEqual([ids.slice(2), null])
  expect((await uploads.list({ owner: 'anna' })).uploads.map(({ owner }) => owner)).toEqual(['anna', 'anna'])
  expect((await uploads.list({ state: 'open' })).uploads).toEqual([])
  for (const limit of [0, 201, 1.5]) await expect(uploads.list({ limit })).rejects.toThrow(/from 1 to 200/u)
})

test('removes and renames what is finished, whoever it belongs to', async () => {
  const { id, key } = await finish(1, 'bert')
  const { uploads } = setup.server
  expect(await uploads.rename(id, ' 假期.mp4 ')).toMatchObject({ id, name: '假期.mp4' })
  for (const name of ['', ' ', 'x'.repeat(1_025), 'a\0']) {
    await expect(uploads.rename(id, name)).rejects.toThrow(/1 to 1024 characters/u)
  }
  await uploads.remove(id)
  await uploads.remove(id)
  expect(setup.store.objects.has(key)).toBe(false)
  await expect(uploads.rename(id, 'a')).rejects.toMatchObject({ code: 'not-found' })
  await expect(uploads.remove('nobody')).rejects.toMatchObject({ code: 'not-found' })
  const open = (await setup.api.open(new TestFile(5).request)).body.upload
  await expect(uploads.remove(open.id)).rejects.toMatchObject({ code: 'not-found' })
})

test('links to the store itself, for a redirect after a check of the application', async () => {
  const { id } = await finish(1)
  const { url, expiresAt } = await setup.server.uploads.link(id, { expiresIn: 60, inline: true })
  const { origin, searchParams } = new URL(url)
  expect(origin).toBe('http://store.test')
  expect(searchParams.get('response-content-disposition')).toMatch(/^inline/u)
  expect(expiresAt.getTime()).toBe(Date.parse('2026-11-22T12:01:01Z'))
  const page = await finish(2, 'anna', 'text/html')
  const shown = new URL((await setup.server.uploads.link(page.id, { inline: true })).url).searchParams
  expect(shown.get('response-content-disposition')).toMatch(/^attachment/u)
})

test('says when a link to the store ends with the credentials that signed it', async () => {
  const { id } = await finish(1)
  const end = Date.parse('2026-11-22T12:10:00Z')
  const sign = setup.store.presign.bind(setup.store)
  setup.store.presign = async (request) => ({ ...(await sign(request)), expiresAt: end / 1_000 })
  const { expiresAt } = await setup.server.uploads.link(id, { expiresIn: 86_400 })
  expect(expiresAt.getTime()).toBe(end)
})

test('makes a share link that everybody can open, and that ends with the file', async () => {
  const { id } = await finish(1)
  const { uploads, fetch } = setup.server
  const { url } = await uploads.link(id, { public: true })
  expect(url).toMatch(/^https:\/\/files\.example\/up\/api\/uploads\/.+until=.+signature=/u)
  const open = () => fetch(behindProxy(url))
  expect((await open()).status).toBe(302)
  setup.advance(day)
  expect((await open()).status).toBe(410)
  const { url: another } = await uploads.link(id, { public: true, expiresIn: 7 * 86_400 })
  await uploads.remove(id)
  expect((await fetch(behindProxy(another))).status).toBe(404)
})

test('says what is wrong with a link that it cannot make', async () => {
  const { id } = await finish(1)
  const { uploads } = setup.server
  for (const expiresIn of [0, 7 * 86_400 + 1, 1.5]) {
    await expect(uploads.link(id, { expiresIn })).rejects.toThrow(/from 1 to 604800/u)
  }
  await expect(uploads.link('nobody')).rejects.toMatchObject({ code: 'not-found' })
  const off = await setup.another({ shareDays: 0 })
  await expect(off.uploads.link(id, { public: true })).rejects.toThrow(/shareDays is 0/u)
  const nameless = await startTestServer()
  try {
    const file = new TestFile(4)
    const { upload } = (await nameless.api.open(file.request)).body
    await file.send(nameless.store, upload)
    await nameless.api.complete(upload.id, file.completeRequest)
    await expect(nameless.server.uploads.link(upload.id, { public: true })).rejects.toThrow(/publicBaseUrl/u)
  } finally {
    await nameless.close()
  }
})
