import { randomBytes } from 'node:crypto'
import { createUploader, httpBackend } from '@carryon/client'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'
import { ServeProcess } from './support/serve-process.js'
import { startStranger, type Stranger } from './support/stranger.js'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const issuer = 'https://login.example.com/'
const audience = 'uploads'
const file = new SampleFile('webhooks')

let stranger: Stranger
let serving: ServeProcess
beforeEach(async () => {
  stranger = await startStranger(secret, issuer, audience)
  serving = await ServeProcess.prepare({
    AUTH: 'jwt',
    AUTH_JWT_JWKS: `${stranger.url}/jwks`,
    AUTH_JWT_ISSUER: issuer,
    AUTH_JWT_AUDIENCE: audience,
    AUTH_JWT_CONTEXT: 'plan',
    HOOK_URL: `${stranger.url}/hooks`,
    HOOK_SECRET: secret,
    HOOK_TIMEOUT: '2',
  })
})
afterEach(async () => {
  await serving.remove()
  await stranger.close()
})

/** A caller with a token signed by the stranger. */
async function callerOf(owner: string): Promise<Caller> {
  const authorization = `Bearer ${await stranger.token(owner, { plan: 'pro' })}`
  return new (class extends Caller {
    override send<Body>(path: string, init: RequestInit) {
      return super.send<Body>(path, { ...init, headers: { ...(init.headers as object), authorization } })
    }
  })(serving)
}

test('carryon serve beside an application: its tokens, its keys, its data', async () => {
  await serving.start()
  stranger.answer = ({ type, data }, response) => {
    const open = { key: `${String(data['keyPrefix'])}albums/7/`, headers: { cacheControl: 'max-age=60' } }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(type === 'upload.open' ? open : { data: { photo: 17 } }))
  }
  const token = await stranger.token('anna', { plan: 'pro' })
  const uploader = createUploader({
    backend: httpBackend(`${serving.url}/api`, { headers: () => ({ authorization: `Bearer ${token}` }) }),
  })
  onTestFinished(() => uploader.close())
  const picked = new File([new Uint8Array(file.content)], 'holiday.mp4')
  const result = await uploader.upload(picked, { metadata: { album: '7' } }).done
  expect(result.key).toMatch(/^uploads\/albums\/7\/[\w-]{22}\/holiday\.mp4$/u)
  expect(result.data).toEqual({ photo: 17 })
  expect(stranger.refused).toEqual([])
  expect(stranger.heard).toMatchObject([
    { type: 'upload.open', data: { owner: 'anna', context: { plan: 'pro' }, metadata: { album: '7' } } },
    { type: 'upload.done', data: { owner: 'anna', context: { plan: 'pro' }, upload: { key: result.key } } },
  ])

  const anna = await callerOf('anna')
  const list = await anna.get<{ uploads: { id: string }[] }>('/api/uploads?state=done')
  const id = list.body.uploads[0]?.id ?? ''
  expect((await anna.get(`/api/uploads/${id}/object`)).status).toBe(302)
  // Not visible to another owner, nor without a token.
  expect((await (await callerOf('bert')).get(`/api/uploads/${id}`)).status).toBe(404)
  expect((await new Caller(serving).get(`/api/uploads/${id}`)).status).toBe(401)
})

test('carryon serve that is killed between done and its hook tells the application later, under the same id', async () => {
  await serving.start()
  const caller = await callerOf('anna')
  const opened = (await caller.open({ ...file.request, metadata: { album: '7' } })).body
  await file.send(opened)
  const reached = new Promise<void>((resolve) => {
    // The application received the message but cannot respond.
    stranger.answer = () => resolve()
  })
  const answered = caller.complete(opened.upload.id, await file.completeRequest()).catch(() => 'no answer')
  await reached
  await serving.kill()
  expect(await answered).toBe('no answer')

  stranger.answer = (_, response) => response.end(JSON.stringify({ data: { photo: 17 } }))
  const listed = await serving.run('hooks')
  expect(listed).toMatchObject({
    code: 0,
    printed: expect.stringMatching(/^waiting .*1 attempt,/u) as string,
  })
  expect(listed.printed).toContain(opened.upload.id)
  const before = stranger.heard.length
  await serving.start()
  await expect.poll(() => stranger.heard.length, { timeout: 90_000 }).toBe(before + 1)
  await expect
    .poll(async () => (await caller.get(`/api/uploads/${opened.upload.id}`)).body)
    .toMatchObject({ upload: { state: 'done' }, result: { data: { photo: 17 } } })
  const deliveries = stranger.heard.filter(({ type }) => type === 'upload.done')
  expect(deliveries).toMatchObject([
    { id: `done:${opened.upload.id}`, data: { attempt: 1, metadata: { album: '7' } } },
    { id: `done:${opened.upload.id}`, data: { attempt: 2, metadata: { album: '7' } } },
  ])
  expect(stranger.refused).toEqual([])

  // An application that lost a message can have it sent again.
  const again = await serving.run('hooks', '--resend', opened.upload.id)
  expect(again.printed).toContain(`sent     ${opened.upload.id}`)
  expect(stranger.heard.at(-1)).toMatchObject({ id: `done:${opened.upload.id}`, data: { attempt: 3 } })
  expect((await serving.run('hooks', '--resend', 'none')).code).toBe(1)
}, 180_000)

test('carryon serve with another secret than the application is not believed, and keeps what it could not say', async () => {
  const other = await ServeProcess.prepare({
    HOOK_URL: stranger.url,
    HOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    HOOK_EVENTS: 'done',
  })
  onTestFinished(() => other.remove())
  await other.start()
  const caller = new Caller(other)
  const opened = (await caller.open(file.request)).body
  await file.send(opened)
  expect((await caller.complete(opened.upload.id, await file.completeRequest())).body).not.toHaveProperty(
    'result',
  )
  expect(stranger.refused).toEqual(['No matching signature found'])
  const { code, printed } = await other.run('hooks', '--resend-all')
  expect([code, printed]).toEqual([1, expect.stringContaining('with 401') as string])
})
