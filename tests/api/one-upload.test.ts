import type { RegisteredUpload } from '@carryon/client'
import { afterEach, describe, expect, test } from 'vitest'
import { type ApiOptions, type ApiUnderTest, openMultipartKeys, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
const start = async (options?: ApiOptions) => {
  api = await startApi(options)
  return new Caller(api)
}
afterEach(async () => {
  await api.close()
})

describe('one upload', () => {
  test.each([
    ['temporary credentials', false, 'credentials'],
    ['signed part URLs', true, 'urls'],
  ])('from open to the downloaded file, by %s', async (_, signedUrls, mode) => {
    const caller = await start({ signedUrls })
    const file = new SampleFile('sample', { name: '../空 格&<b>.bin' })
    const opened = await caller.open(file.request)
    expect(opened.body.access.mode).toBe(mode)
    await file.send(opened.body)
    const { upload } = (await caller.complete(opened.body.upload.id, await file.completeRequest())).body
    expect(upload).toMatchObject({ state: 'done', crc64: (await file.completeRequest()).crc64 })

    expect(upload.url).toBe(`${api.url}/api/uploads/${upload.id}/object`)
    const redirect = await caller.get(`/api/uploads/${upload.id}/object`)
    expect(redirect.status).toBe(302)
    const download = await fetch(redirect.headers.get('location') ?? '')
    expect(file.content.equals(Buffer.from(await download.arrayBuffer()))).toBe(true)
    expect(download.headers.get('content-disposition')).toBe(
      `attachment; filename="_ _&<b>.bin"; filename*=UTF-8''%E7%A9%BA%20%E6%A0%BC%26%3Cb%3E.bin`,
    )
    expect(download.headers.get('content-type')).toBe('video/mp4')
    const inline = await caller.get(`/api/uploads/${upload.id}/object?inline=1`)
    const shown = await fetch(inline.headers.get('location') ?? '')
    expect(shown.headers.get('content-disposition')).toMatch(/^inline;/u)
    await shown.body?.cancel()
  })

  test('fifty opens at once, one upload, one multipart upload', async () => {
    const caller = await start()
    await caller.get('/api/uploads')
    const file = new SampleFile()
    const answers = await Promise.all(Array.from({ length: 50 }, () => caller.open(file.request)))
    expect(new Set(answers.map(({ body }) => body.upload.uploadId)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await openMultipartKeys(api)).toHaveLength(1)
  })

  test('an open resumes with what the store has, and the rest completes it', async () => {
    const caller = await start()
    const file = new SampleFile()
    await file.send((await caller.open(file.request)).body, [2])
    api = await api.restart()
    const again = new Caller(api)
    again.cookie = caller.cookie
    const opened = await again.open(file.request)
    expect(opened.status).toBe(200)
    expect(opened.body.parts.map(({ partNumber }) => partNumber)).toEqual([2])
    await file.send(opened.body, [1, 3])
    const { upload } = (await again.complete(opened.body.upload.id, await file.completeRequest())).body
    expect(upload.state).toBe('done')
    expect(await file.isStored(api, upload)).toBe(true)
  })

  test('a public address is recorded and redirected to', async () => {
    const caller = await start({ publicUrlBase: 'https://cdn.example.com/files/' })
    const file = new SampleFile()
    const opened = await caller.open({ ...file.request, name: 'a b 空.mp4' })
    await file.send(opened.body)
    const { upload } = (await caller.complete(opened.body.upload.id, await file.completeRequest())).body
    expect(upload.url).toBe(`https://cdn.example.com/files/${encodeURI(upload.key)}`)
    const redirect = await caller.get(`/api/uploads/${upload.id}/object`)
    expect(redirect.headers.get('location')).toBe(upload.url)
  })

  test('lists page by page, newest first, open and done apart', async () => {
    const caller = await start()
    const ids: string[] = []
    for (const seed of ['a', 'b', 'c']) {
      ids.unshift((await caller.open(new SampleFile(seed).request)).body.upload.id)
    }
    const listed: string[] = []
    for (let path = '/api/uploads?state=open&limit=2'; path !== '';) {
      const { body } = await caller.get<{ uploads: RegisteredUpload[]; next: string | null }>(path)
      listed.push(...body.uploads.map(({ id }) => id))
      path = body.next === null ? '' : `/api/uploads?state=open&limit=2&cursor=${body.next}`
    }
    expect([...listed].sort()).toEqual([...ids].sort())
    const done = await caller.get('/api/uploads?state=done')
    expect(done.body).toEqual({ uploads: [], next: null, storeOrigin: new URL(api.local.url).origin })
  })
})
