import type { RegisteredUpload } from '@carryon/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
beforeAll(async () => {
  api = await startApi()
})
afterAll(async () => {
  await api.close()
})

const file = new SampleFile('owners')

describe('the anonymous owner', () => {
  test('is a signed cookie that scripts cannot read', async () => {
    const { headers } = await new Caller(api).get('/api/uploads')
    const [cookie] = headers.getSetCookie()
    expect(cookie).toMatch(/^carryon_owner=[\w-]{22}\.[\w%-]+;/u)
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Lax')
    expect(cookie).not.toContain('Secure')
  })

  test('is asked for only once', async () => {
    const caller = new Caller(api)
    await caller.get('/api/uploads')
    expect((await caller.get('/api/uploads')).headers.getSetCookie()).toEqual([])
  })

  test('survives a restart of the server', async () => {
    const caller = new Caller(api)
    const { body } = await caller.open(file.request)
    api = await api.restart()
    const again = new Caller(api)
    again.cookie = caller.cookie
    expect((await again.open(file.request)).body.upload.id).toBe(body.upload.id)
  })

  test.each([
    ['with another owner in it', (value: string) => value.replace(/=[\w-]{22}/u, `=${'A'.repeat(22)}`)],
    ['without its signature', (value: string) => value.replace(/\..*$/u, '')],
    ['with a signature of nothing', (value: string) => value.replace(/\..*$/u, '.AAAA')],
    ['that is garbage', () => 'carryon_owner=%E0%A4%A'],
  ])('a cookie %s is somebody new', async (_, forge) => {
    const anna = new Caller(api)
    const { id } = (await anna.open(file.request)).body.upload
    const forger = new Caller(api)
    forger.cookie = forge(anna.cookie)
    const answer = await forger.get(`/api/uploads/${id}`)
    expect(answer.status).toBe(404)
    expect(answer.headers.getSetCookie()).toHaveLength(1)
  })
})

describe('the key of an anonymous owner', () => {
  const header = 'carryon-owner'

  test('is told with the cookie, and to whoever shows only that', async () => {
    const caller = new Caller(api)
    const first = (await caller.get('/api/uploads')).headers.get(header)
    expect(first).toBe(caller.cookie.slice('carryon_owner='.length))
    expect((await caller.get('/api/uploads')).headers.get(header)).toBe(first)
    const shown = await caller.send('/api/uploads', { headers: { [header]: first ?? '' } })
    expect(shown.headers.get(header)).toBeNull()
  })

  test('brings the owner back when the cookie is lost', async () => {
    const anna = new Caller(api)
    const { body, headers } = await anna.open(file.request)
    const { cookie } = anna
    const again = new Caller(api)
    const found = await again.send(`/api/uploads/${body.upload.id}`, {
      headers: { [header]: headers.get(header) ?? '' },
    })
    expect(found.status).toBe(200)
    expect(again.cookie).toBe(cookie)
  })

  test.each(['', 'A', `${'A'.repeat(22)}.AAAA`, '%E0%A4%A', 'a; carryon_owner=b'])(
    'of nobody, %j, is somebody new',
    async (key) => {
      const answer = await new Caller(api).send('/api/uploads', { headers: { [header]: key } })
      expect(answer.status).toBe(200)
      expect(answer.headers.getSetCookie()).toHaveLength(1)
      expect(answer.headers.get(header)).not.toBe(key)
    },
  )

  test('does not outweigh the cookie', async () => {
    const anna = new Caller(api)
    const bert = new Caller(api)
    const { id } = (await anna.open(file.request)).body.upload
    const bertsKey = (await bert.get('/api/uploads')).headers.get(header) ?? ''
    const answer = await anna.send(`/api/uploads/${id}`, { headers: { [header]: bertsKey } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get(header)).toBe(anna.cookie.slice('carryon_owner='.length))
  })
})

describe("another owner's upload", () => {
  test('is not there, whatever is asked', async () => {
    const anna = new Caller(api)
    const opened = (await anna.open(file.request)).body
    const { id } = opened.upload
    const bert = new Caller(api)
    await bert.get('/api/uploads')
    const answers = {
      get: await bert.get(`/api/uploads/${id}`),
      parts: await bert.get(`/api/uploads/${id}/parts`),
      object: await bert.get(`/api/uploads/${id}/object`),
      access: await bert.post(`/api/uploads/${id}/access`, {}),
      complete: await bert.complete(id, await file.claim()),
      cancel: await bert.delete(`/api/uploads/${id}`),
    }
    for (const [name, { status, body }] of Object.entries(answers)) {
      expect({ status, body }, name).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    const list = await bert.get<{ uploads: RegisteredUpload[] }>('/api/uploads')
    expect(list.body.uploads).toEqual([])
    expect((await anna.get(`/api/uploads/${id}`)).status).toBe(200)
  })
})

describe('authorize', () => {
  test('decides, and refuses with 401', async () => {
    const strict = await startApi({
      authorize: (request) => {
        const user = request.headers.get('x-user')
        return user === null ? null : { owner: user }
      },
    })
    try {
      const caller = new Caller(strict)
      expect(await caller.open(file.request)).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
      const headers = { 'x-user': 'anna' }
      const { status, headers: answered } = await caller.send('/api/uploads', { headers })
      expect(status).toBe(200)
      expect(answered.getSetCookie()).toEqual([])
      expect((await caller.get('/healthz')).status).toBe(200)
    } finally {
      await strict.close()
    }
  })
})
