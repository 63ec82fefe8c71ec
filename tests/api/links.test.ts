import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ApiUnderTest, day, startApi } from './support/api-under-test.js'
import { Caller, type ProblemBody } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

interface Link {
  readonly url: string
  readonly expiresAt: string
}

let api: ApiUnderTest
let caller: Caller
beforeEach(async () => {
  api = await startApi()
  caller = new Caller(api)
})
afterEach(() => api.close())

/** Makes a finished upload and returns its id. */
async function finished(file: SampleFile): Promise<string> {
  const opened = (await caller.open(file.singleRequest)).body
  await file.put(opened)
  expect((await caller.complete(opened.upload.id, await file.singleCompleteRequest())).status).toBe(200)
  return opened.upload.id
}

const small = new SampleFile('linked', { size: 1_000 })

describe('a signed link', () => {
  test('is for everybody, and makes nobody an owner', async () => {
    const id = await finished(small)
    const { body } = await caller.post<Link>(`/api/uploads/${id}/link`, { expiresIn: 3_600 })
    const answer = await fetch(body.url, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(answer.headers.get('carryon-owner')).toBeNull()
    const stranger = await fetch(body.url)
    expect(Buffer.from(await stranger.arrayBuffer()).equals(small.content)).toBe(true)
    expect(stranger.headers.get('content-disposition')).toContain('holiday.mp4')
    // Unsigned addresses remain the owner's only.
    expect((await new Caller(api).get(`/api/uploads/${id}/object`)).status).toBe(404)
  })

  test('is over at the time that was told, at the store too', async () => {
    const id = await finished(small)
    const { body } = await caller.post<Link>(`/api/uploads/${id}/link`, { expiresIn: 60 })
    const lasting = (Date.parse(body.expiresAt) - Date.now()) / 1_000
    expect(lasting).toBeLessThanOrEqual(60)
    const there = new URL((await fetch(body.url, { redirect: 'manual' })).headers.get('location') ?? '')
    const [from = 0, to = 0] = (there.searchParams.get('q-sign-time') ?? '').split(';').map(Number)
    expect(to - from).toBeLessThan(3_600)
    api.advance(61_000)
    const late = await fetch(body.url, { redirect: 'manual', headers: { accept: 'application/json' } })
    expect(late.status).toBe(410)
    expect(await late.json()).toMatchObject({
      code: 'link-expired',
      detail: expect.stringContaining('until') as string,
    })
  })

  test('of another upload, of a later time or of another signature opens nothing', async () => {
    const [id, other] = [await finished(small), await finished(new SampleFile('other', { size: 500 }))]
    const { body } = await caller.post<Link>(`/api/uploads/${id}/link`, {})
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(body.url)
      change(url)
      return url.href
    }
    const until = Number(new URL(body.url).searchParams.get('until'))
    const signature = new URL(body.url).searchParams.get('signature') ?? ''
    const urls = [
      body.url.replace(id, other),
      changed((url) => url.searchParams.set('until', String(until + 1))),
      changed((url) => url.searchParams.set('until', `0${until}`)),
      changed((url) => url.searchParams.delete('until')),
      changed((url) => url.searchParams.set('signature', signature.slice(0, -2))),
      changed((url) =>
        url.searchParams.set('signature', `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`),
      ),
      changed((url) => url.searchParams.set('signature', '')),
    ]
    for (const url of urls) expect((await fetch(url, { redirect: 'manual' })).status).toBe(404)
  })

  test('lets nobody do anything but read', async () => {
    const id = await finished(small)
    const { body } = await caller.post<Link>(`/api/uploads/${id}/link`, {})
    const { search } = new URL(body.url)
    const stranger = new Caller(api)
    expect((await stranger.get(`/api/uploads/${id}${search}`)).status).toBe(404)
    expect((await stranger.send(`/api/uploads/${id}/object${search}`, { method: 'DELETE' })).status).toBe(404)
    expect((await stranger.post(`/api/uploads/${id}/link`, {})).status).toBe(404)
    expect((await caller.get(`/api/uploads/${id}`)).status).toBe(200)
  })

  test.each([0, 7 * 86_400 + 1, 1.5, '60'])('is not made for %j seconds', async (expiresIn) => {
    const id = await finished(small)
    const { status, body } = await caller.post<ProblemBody>(`/api/uploads/${id}/link`, { expiresIn })
    expect([status, body.code]).toEqual([400, 'invalid-request'])
  })

  test('is not made before there is an object, and works on after a restart', async () => {
    const opened = (await caller.open(small.singleRequest)).body
    expect((await caller.post(`/api/uploads/${opened.upload.id}/link`, {})).status).toBe(404)
    await small.put(opened)
    await caller.complete(opened.upload.id, await small.singleCompleteRequest())
    const { body } = await caller.post<Link>(`/api/uploads/${opened.upload.id}/link`, {
      expiresIn: 7 * 86_400,
    })
    expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(6 * day)
    const before = api.url
    api = await api.restart()
    const again = await fetch(body.url.replace(before, api.url), { redirect: 'manual' })
    expect(again.status).toBe(302)
  })
})

test('where users sign in, a signed link asks nobody to', async () => {
  await api.close()
  const signedIn = { authorization: 'Bearer anna' }
  api = await startApi({
    authorize: ({ headers }) => (headers.get('authorization') === 'Bearer anna' ? { owner: 'anna' } : null),
  })
  const as = new Caller(api)
  const json = { 'content-type': 'application/json', ...signedIn }
  const post = <Body>(path: string, body: unknown) =>
    as.send<Body>(path, { method: 'POST', headers: json, body: JSON.stringify(body) })
  const opened = (await post<Parameters<SampleFile['put']>[0]>('/api/uploads', small.singleRequest)).body
  await small.put(opened)
  await post(`/api/uploads/${opened.upload.id}/complete`, await small.singleCompleteRequest())
  const { body } = await post<Link>(`/api/uploads/${opened.upload.id}/link`, {})
  expect((await fetch(body.url)).status).toBe(200)
  expect((await as.get(`/api/uploads/${opened.upload.id}/object`)).status).toBe(401)
})
