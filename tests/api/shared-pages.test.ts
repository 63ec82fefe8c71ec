import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ApiOptions, type ApiUnderTest, day, startApi } from './support/api-under-test.js'
import { Caller, type ProblemBody } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
let caller: Caller
beforeEach(() => start())
afterEach(() => api.close())

async function start(options: ApiOptions = {}): Promise<void> {
  api = await startApi(options)
  caller = new Caller(api)
}

async function restartWith(options: ApiOptions): Promise<void> {
  await api.close()
  await start(options)
}

async function finished(name = 'shared', by = caller, type = 'video/mp4'): Promise<string> {
  const file = new SampleFile(name, { size: 1_000 })
  const opened = (await by.open({ ...file.singleRequest, type })).body
  await file.put(opened)
  expect((await by.complete(opened.upload.id, await file.singleCompleteRequest())).status).toBe(200)
  return opened.upload.id
}

async function linkTo(id: string, body: object = {}): Promise<string> {
  const answer = await caller.post<{ url: string }>(`/api/uploads/${id}/link`, body)
  expect(answer.status).toBe(200)
  return answer.body.url
}

/** Requests a link as a browser does. */
async function opened(url: string, language = 'en-GB,en;q=0.9', accept: string | null = browserAccept) {
  const headers = { ...(accept !== null && { accept }), 'accept-language': language }
  const answer = await fetch(url, { redirect: 'manual', headers })
  return { answer, status: answer.status, text: await answer.text() }
}

const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

describe('a person who opens', () => {
  test('an expired link reads so in their language, and when it was', async () => {
    const url = await linkTo(await finished(), { expiresIn: 60 })
    api.advance(61_000)
    const english = await opened(url)
    expect(english.status).toBe(410)
    expect(english.answer.headers.get('content-type')).toMatch(/^text\/html/u)
    expect(english.text).toContain('<html lang="en">')
    expect(english.text).toContain('This link has expired')
    expect(english.text).toMatch(/stopped working on .*UTC/u)
    const chinese = await opened(url, 'fr;q=0.9, zh-TW;q=0.8, en;q=0.1')
    expect(chinese.text).toContain('<html lang="zh">')
    expect(chinese.text).toContain('链接已过期')
  })

  test('a link whose file was deleted reads the same as with one that never was', async () => {
    const id = await finished()
    const url = await linkTo(id)
    expect((await caller.delete(`/api/uploads/${id}/object`)).status).toBe(204)
    const gone = await opened(url)
    const never = await opened(url.replace(id, 'neverwas'))
    const changed = await opened(url.replace(/signature=./u, 'signature=~'))
    expect([gone.status, never.status, changed.status]).toEqual([404, 404, 404])
    expect(gone.text).toContain('This link doesn’t work')
    expect([never.text, changed.text]).toEqual([gone.text, gone.text])
  })

  test("somebody's private address is told to ask for a link", async () => {
    const { status, text } = await opened(`${api.url}/api/uploads/${await finished()}/object`)
    expect(status).toBe(404)
    expect(text).toContain('isn’t shared with you')
    await restartWith({ authorize: () => null })
    const signedOut = await opened(`${api.url}/api/uploads/anything/object`, 'zh-CN')
    expect([signedOut.status, signedOut.text.includes('请先登录')]).toEqual([401, true])
  })

  test('a page that runs nothing, repeats nothing of the address, and is in no index', async () => {
    const url = await linkTo(await finished())
    const { answer, text } = await opened(
      `${url.replace(/&signature=.*/u, '&signature=<b>')}&x=<script>alert(1)</script>`,
      '<i>',
    )
    expect(text).not.toMatch(/<script|<b>|<i>|alert/u)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('x-robots-tag')).toBe('noindex')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  })
})

test.each([
  ['application/json', true],
  ['application/problem+json, text/html;q=0.5', true],
  ['text/html, application/json;q=0.9', false],
  ['*/*', false],
  [null, false],
])('Accept: %s of a dead link is answered as JSON: %s', async (accept, json) => {
  const url = await linkTo(await finished(), { expiresIn: 60 })
  api.advance(61_000)
  const { answer, text } = await opened(url, 'en', accept)
  expect(answer.headers.get('content-type')).toMatch(json ? /^application\/problem\+json/u : /^text\/html/u)
  if (json) expect((JSON.parse(text) as ProblemBody).code).toBe('link-expired')
})

test('a program that asks for the address of a file without a link gets JSON', async () => {
  const { answer } = await opened(`${api.url}/api/uploads/nobody/object`, 'en', '*/*')
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
})

describe('the right to share', () => {
  test('is what authorize says, and GET /limits tells it', async () => {
    await restartWith({
      authorize: ({ headers }) => ({ owner: 'anna', share: headers.get('x-guest') === null }),
    })
    const id = await finished()
    const as = (headers: Record<string, string>) => ({
      limits: () => caller.send<{ terms: { shareSeconds: number } }>('/api/limits', { headers }),
      link: () =>
        caller.send(`/api/uploads/${id}/link`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: '{}',
        }),
    })
    expect((await as({}).link()).status).toBe(200)
    expect((await as({}).limits()).body.terms.shareSeconds).toBe(604_800)
    const refused = await as({ 'x-guest': '1' }).link()
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
    expect((await as({ 'x-guest': '1' }).limits()).body.terms.shareSeconds).toBe(0)
  })

  test('may be bounded to a day, and is then never for longer', async () => {
    await restartWith({ shareDays: 1 })
    const id = await finished()
    const longer = await caller.post<ProblemBody>(`/api/uploads/${id}/link`, { expiresIn: 86_401 })
    expect([longer.status, longer.body.code]).toEqual([400, 'invalid-request'])
    const usual = await caller.post<{ expiresAt: string }>(`/api/uploads/${id}/link`, {})
    expect(Date.parse(usual.body.expiresAt) - Date.now()).toBeLessThanOrEqual(day)
  })

  test('switched off, ends the links that were made before', async () => {
    const id = await finished()
    const url = new URL(await linkTo(id))
    const off = await startOff()
    expect((await off.get(url.pathname + url.search)).status).toBe(404)
    expect((await off.post(`/api/uploads/${id}/link`, {})).status).toBe(403)
    const limits = await off.get<{ terms: { shareSeconds: number } }>('/api/limits')
    expect(limits.body.terms.shareSeconds).toBe(0)
  })

  test("is of one's own files alone", async () => {
    const id = await finished()
    const stranger = new Caller(api)
    await stranger.get('/api/uploads')
    expect((await stranger.post(`/api/uploads/${id}/link`, {})).status).toBe(404)
  })

  test.each([8, -1, Number.NaN])('is not for %s days', (shareDays) => {
    return expect(startApi({ shareDays })).rejects.toThrow(/shareDays must be from 0 to 7/u)
  })
})

test('a link that shows the file does so by the type on record, and never a page', async () => {
  const [video, html] = [await finished('a'), await finished('b', caller, 'text/html')]
  const dispositionOf = async (url: string) => {
    const { headers, body } = await fetch(url)
    await body?.cancel()
    return headers.get('content-disposition')?.split(';', 1)[0]
  }
  expect(await dispositionOf(await linkTo(video, { inline: true }))).toBe('inline')
  expect(await dispositionOf(await linkTo(video))).toBe('attachment')
  expect(await dispositionOf(await linkTo(html, { inline: true }))).toBe('attachment')
})

/** The same owner's browser on a server with links switched off, on the same database. */
async function startOff(): Promise<Caller> {
  const { cookie } = caller
  api = await api.restart({ shareDays: 0 })
  caller = new Caller(api)
  caller.cookie = cookie
  return caller
}
