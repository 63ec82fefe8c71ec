import type { RegisteredUpload } from '@carryon/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { rawRequest } from './support/raw-request.js'
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
    expect(cookie).toMatch(/^carryon_owner_127\.0\.0\.1_\d+=[\w-]{22}\.[\w%-]+;/u)
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
    ['that is garbage', (value: string) => value.replace(/=.*$/u, '=%E0%A4%A')],
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
    expect(first).toBe(caller.key)
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

  test('outweighs a cookie, which others on the host can set, and puts it right', async () => {
    const anna = new Caller(api)
    const mallory = new Caller(api)
    const { id } = (await anna.open(file.request)).body.upload
    await mallory.get('/api/uploads')
    const { cookie, key } = anna
    anna.cookie = mallory.cookie
    const answer = await anna.send(`/api/uploads/${id}`, { headers: { [header]: key } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get(header)).toBeNull()
    expect(anna.cookie).toBe(cookie)
  })
})

describe('a page elsewhere on this host', () => {
  const header = 'carryon-owner'
  const cookieOf = ({ cookie }: Caller) => cookie
  /** Cookies sent once a page on the store's port planted one: the longer path first (RFC 6265, 5.4). */
  const withPlanted = async (victim: Caller) => {
    const mallory = new Caller(api)
    await mallory.get('/api/uploads')
    const both = `${cookieOf(mallory)}; ${cookieOf(victim)}`
    return { mallory, both }
  }

  test('plants its own cookie, and the upload stays with the one whose key the page shows', async () => {
    const anna = new Caller(api)
    await anna.get('/api/uploads')
    const { key } = anna
    const { mallory, both } = await withPlanted(anna)
    anna.cookie = both
    const opened = await anna.send<{ upload: RegisteredUpload }>('/api/uploads', {
      method: 'POST',
      headers: { 'content-type': 'application/json', [header]: key },
      body: JSON.stringify(file.request),
    })
    expect(opened.headers.get(header)).toBeNull()
    const list = await mallory.get<{ uploads: RegisteredUpload[] }>('/api/uploads')
    expect(list.body.uploads).toEqual([])
  })

  test('plants it before the page has a key: the owner is then neither of the two', async () => {
    const anna = new Caller(api)
    await anna.get('/api/uploads')
    const { mallory, both } = await withPlanted(anna)
    anna.cookie = both
    const { id } = (await anna.open(file.request)).body.upload
    expect((await mallory.get(`/api/uploads/${id}`)).status).toBe(404)
  })

  test('has its cookie taken away again by the first answer, at whatever path it was planted', async () => {
    const anna = new Caller(api)
    await anna.get('/api/uploads')
    const { both } = await withPlanted(anna)
    anna.cookie = both
    const answer = await anna.send('/api/uploads/none/object', { headers: { 'sec-fetch-mode': 'navigate' } })
    const removed = answer.headers.getSetCookie().map((cookie) => {
      expect(cookie).toMatch(/^carryon_owner_[^=]+=; Max-Age=0; Path=/u)
      return /Path=([^;]+)/u.exec(cookie)?.[1]
    })
    const folders = ['/api', '/api/uploads', '/api/uploads/none', '/api/uploads/none/object']
    expect(removed).toEqual(folders.flatMap((folder) => [folder, `${folder}/`]))
  })

  test('cannot use the cookie of a server on another port', async () => {
    const other = await startApi()
    try {
      const here = new Caller(api)
      const there = new Caller(other)
      const { id } = (await here.open(file.request)).body.upload
      // A browser shares its cookies between all ports of a host.
      const jar = () => `${here.cookie}; ${there.cookie}`
      await there.get('/api/uploads')
      const { cookie } = here
      for (const caller of [here, there]) {
        const answer = await caller.send('/api/uploads', { headers: { cookie: jar() } })
        expect(answer.headers.getSetCookie()).toEqual([])
      }
      expect((await here.get(`/api/uploads/${id}`)).status).toBe(200)
      expect(here.cookie).toBe(cookie)
    } finally {
      await other.close()
    }
  })
})

describe('with TLS', () => {
  const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' }

  test('the cookie is one that no other host can set, and the plain one means nothing', async () => {
    const behind = await startApi({ trustForwarded: true })
    try {
      const caller = new Caller(behind)
      const { headers } = await caller.send('/api/uploads', { headers: https })
      expect(headers.getSetCookie()[0]).toMatch(/^__Host-carryon_owner=.*; Path=\/; HttpOnly; Secure/u)
      const planted = `carryon_owner=${caller.key}`
      const answer = await new Caller(behind).send('/api/uploads', { headers: { ...https, cookie: planted } })
      expect(answer.headers.getSetCookie()).toHaveLength(1)
    } finally {
      await behind.close()
    }
  })
})

describe('a page that was opened before the cookie was bound to the server', () => {
  test('goes on as the same owner, under the new name', async () => {
    const anna = new Caller(api)
    const { id } = (await anna.open(file.request)).body.upload
    const { cookie } = anna
    anna.cookie = `carryon_owner=${anna.key}`
    expect((await anna.get(`/api/uploads/${id}`)).status).toBe(200)
    anna.cookie = `carryon_owner=${cookie.slice(cookie.indexOf('=') + 1)}; ${cookie}`
    expect((await anna.get(`/api/uploads/${id}`)).headers.getSetCookie()).toEqual([])
  })
})

describe('a navigation', () => {
  const navigations: Record<string, Record<string, string>> = {
    'of a browser': { 'sec-fetch-mode': 'navigate' },
    'of a browser to an address without TLS': { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    'of an image': { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  }

  test.each(Object.entries(navigations))('%s makes no owner', async (_, headers) => {
    for (const path of ['/api/uploads', '/api/uploads/AAAAAAAAAAAAAAAAAAAAAA/object', '/sts']) {
      const answer = await rawRequest(api.url + path, headers)
      expect(answer.headers, path).not.toHaveProperty('set-cookie')
      expect(answer.headers, path).not.toHaveProperty('carryon-owner')
    }
  })

  test('to a download makes none, whatever asks', async () => {
    const answer = await new Caller(api).get('/api/uploads/AAAAAAAAAAAAAAAAAAAAAA/object')
    expect(answer.status).toBe(404)
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  test('replaces no cookie that is not understood', async () => {
    const cookie = (await new Caller(api).get('/api/uploads')).headers.getSetCookie()[0] ?? ''
    const name = cookie.slice(0, cookie.indexOf('='))
    const headers = { cookie: `${name}=of-another-server.AAAA`, 'sec-fetch-mode': 'navigate' }
    const answer = await rawRequest(`${api.url}/api/uploads`, headers)
    expect(answer.headers).not.toHaveProperty('set-cookie')
  })

  test('finds what its cookie owns', async () => {
    const anna = new Caller(api)
    const small = new SampleFile('navigated', { size: 100 })
    const opened = (await anna.open(small.singleRequest)).body
    await small.put(opened)
    await anna.complete(opened.upload.id, await small.singleCompleteRequest())
    const answer = await rawRequest(`${api.url}/api/uploads/${opened.upload.id}/object`, {
      'sec-fetch-mode': 'navigate',
      cookie: anna.cookie,
    })
    expect(answer.status).toBe(302)
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
      complete: await bert.complete(id, await file.completeRequest()),
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

describe("another owner's finished file", () => {
  test('is not there, whatever is asked, and stays', async () => {
    const anna = new Caller(api)
    const opened = (await anna.open(file.request)).body
    await file.send(opened)
    const { id } = opened.upload
    expect((await anna.complete(id, await file.completeRequest())).status).toBe(200)
    const bert = new Caller(api)
    await bert.get('/api/uploads')
    const answers = {
      get: await bert.get(`/api/uploads/${id}`),
      object: await bert.get(`/api/uploads/${id}/object`),
      receipt: await bert.get(`/api/uploads/${id}/receipt`),
      link: await bert.post(`/api/uploads/${id}/link`, { expiresIn: 60 }),
      remove: await bert.delete(`/api/uploads/${id}/object`),
      rename: await bert.send(`/api/uploads/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"mine"}',
      }),
      cancel: await bert.delete(`/api/uploads/${id}`),
    }
    for (const [name, { status, body }] of Object.entries(answers)) {
      expect({ status, body }, name).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    const mine = await anna.get<{ upload: RegisteredUpload }>(`/api/uploads/${id}`)
    expect(mine.body.upload).toMatchObject({ state: 'done', name: opened.upload.name })
    expect(await file.isStored(api, opened.upload)).toBe(true)
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

  const unable = new Error('the token is malformed')
  test.each([
    ['answers undefined', (): undefined => undefined, 401, 'unauthorized'],
    [
      'throws',
      (): never => {
        throw unable
      },
      401,
      'unauthorized',
    ],
    ['rejects', () => Promise.reject(unable), 401, 'unauthorized'],
    [
      'refuses with a status',
      () => Promise.reject(Object.assign(new Error('Your plan has no uploads.'), { status: 402 })),
      402,
      'forbidden',
    ],
    ['cannot say now', () => Promise.reject(Object.assign(unable, { status: 503 })), 503, 'internal'],
    ['names an owner that no database keeps', () => ({ owner: 'a\0b' }), 401, 'unauthorized'],
    ['names nobody', () => ({ owner: '' }), 401, 'unauthorized'],
    ['answers a refusal', () => ({ refuse: 'Your plan has no uploads.', status: 402 }), 402, 'forbidden'],
    ['answers a refusal without a status', () => ({ refuse: 'Not today.' }), 403, 'forbidden'],
    ['answers a refusal that says not now', () => ({ refuse: 'In an hour.', status: 503 }), 503, 'internal'],
    ['answers a refusal of no known status', () => ({ refuse: 'No.', status: 200 }), 500, 'internal'],
    [
      'answers too much context',
      () => ({ owner: 'anna', context: { plan: 'x'.repeat(5_000) } }),
      500,
      'internal',
    ],
    ['answers context that is no JSON', () => ({ owner: 'anna', context: () => 1 }), 500, 'internal'],
    ['misspells a limit', () => ({ owner: 'anna', limits: { maxFileSize: 1 } as object }), 500, 'internal'],
    ['answers a limit that is none', () => ({ owner: 'anna', limits: { openFiles: -1 } }), 500, 'internal'],
    ['answers context and limits', () => ({ owner: 'anna', context: { plan: 'pro' }, limits: {} }), 201, ''],
  ] as const)('that %s', async (_, authorize, status, code) => {
    const strict = await startApi({ authorize })
    try {
      const answer = await new Caller(strict).open(file.request)
      expect(answer).toMatchObject(status === 201 ? { status } : { status, body: { status, code } })
      if (status === 402) expect(answer.body).toMatchObject({ detail: 'Your plan has no uploads.' })
    } finally {
      await strict.close()
    }
  })

  test.each(['returned', 'thrown'])('a Response that is %s is the answer', async (way) => {
    const refusal = Response.json({ why: 'maintenance' }, { status: 418 })
    const strict = await startApi({
      authorize: () => {
        // `throwIfAborted` throws the Response itself.
        if (way === 'thrown') AbortSignal.abort(refusal).throwIfAborted()
        return refusal
      },
    })
    try {
      for (const time of ['first', 'second']) {
        const answer = await new Caller(strict).open(file.request)
        expect(answer, time).toMatchObject({ status: 418, body: { why: 'maintenance' } })
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      }
    } finally {
      await strict.close()
    }
  })
})
