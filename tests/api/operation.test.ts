import { afterEach, describe, expect, test } from 'vitest'
import { type ApiOptions, type ApiUnderTest, secrets, startApi } from './support/api-under-test.js'
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

const file = new SampleFile('operation', { name: 'secret plans.pdf' })

describe('when the store is down', () => {
  test('health and uploads say so, and nothing is lost', async () => {
    const caller = await start()
    expect(await caller.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
    const opened = (await caller.open(file.request)).body
    await file.send(opened)
    await api.local.close()
    expect(await caller.get('/healthz')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', failing: ['store'] },
    })
    const down = { status: 503, body: { code: 'store-unavailable', storeCode: 'NetworkError' } }
    expect(await caller.open(file.request)).toMatchObject(down)
    expect(await caller.complete(opened.upload.id, await file.completeRequest())).toMatchObject(down)
    expect(await caller.get('/api/uploads?state=open')).toMatchObject({
      status: 200,
      body: { uploads: [{ id: opened.upload.id, state: 'open' }] },
    })
  })

  test.each([
    ['InternalError', 503, 'store-unavailable'],
    ['SlowDown', 503, 'store-unavailable'],
    ['AccessDenied', 502, 'store-denied'],
    ['NoSuchBucket', 502, 'store-denied'],
    ['InsufficientStorage', 507, 'store-full'],
  ] as const)('%s of the store becomes %d %s with its request id', async (storeCode, status, code) => {
    const caller = await start()
    api.local.faults?.set({ fault: { kind: 'error', code: storeCode }, operation: 'InitiateMultipartUpload' })
    const answer = await caller.post<Record<string, unknown>>('/api/uploads', file.request)
    expect(answer).toMatchObject({ status, body: { code, storeCode, status } })
    expect(answer.body['requestId']).toEqual(expect.any(String))
  })

  test('no temporary credentials: 503, and the upload is there for the next try', async () => {
    const caller = await start()
    api.local.faults?.set({ fault: { kind: 'error', code: 'InternalError' }, operation: 'STS', times: 1 })
    expect(await caller.open(file.request)).toMatchObject({ status: 503, body: { code: 'sts-unavailable' } })
    expect((await caller.open(file.request)).status).toBe(200)
  })
})

describe('when the STS refuses the server', () => {
  test('its operator is meant, and the log says why', async () => {
    const caller = await start({ stsSecretKey: 'another secret' })
    const answer = await caller.open(file.request)
    expect(answer).toMatchObject({
      status: 502,
      body: { code: 'store-denied', storeCode: expect.stringMatching(/^AuthFailure/u) as unknown },
    })
    expect(api.log).toContainEqual(expect.objectContaining({ severity: 'error', code: 'store-denied' }))
    expect(JSON.stringify(api.log)).not.toContain('another secret')
  })
})

describe('metrics', () => {
  test('count what passed through, by route', async () => {
    const caller = await start()
    const opened = (await caller.open(file.request)).body
    await file.send(opened)
    await caller.complete(opened.upload.id, await file.completeRequest())
    await caller.get('/nothing')
    const { body, headers } = await caller.get<string>('/metrics')
    expect(headers.get('content-type')).toMatch(/^text\/plain/u)
    const sent = Buffer.byteLength(JSON.stringify(file.request))
    expect(body).toContain(`carryon_http_request_bytes_total{route="/api/uploads"} ${sent}\n`)
    expect(body).toMatch(/carryon_http_response_bytes_total\{route="\/api\/uploads\/:id\/complete"\} [1-9]/u)
    expect(body).toContain('carryon_http_requests_total{route="unmatched",method="GET",status="404"} 1')
    expect(body).toContain('carryon_uploads_opened_total{mode="multipart",found="false"} 1')
    expect(body).toContain('carryon_uploads_done_total{mode="multipart"} 1')
    expect(body).toContain(`carryon_upload_bytes_done_total ${file.content.length}`)
    expect(body).toContain('carryon_http_request_duration_seconds_count{route="/api/uploads"} 1')
    const second = await caller.get<string>('/metrics')
    expect(second.body).toContain(
      `carryon_http_response_bytes_total{route="/metrics"} ${Buffer.byteLength(body)}\n`,
    )
  })
})

describe('the log', () => {
  test('has one entry for each request and no secret in any', async () => {
    const caller = await start({ stsAllowPrefix: 'own' })
    const opened = (await caller.open(file.request)).body
    await file.send(opened)
    await caller.complete(opened.upload.id, await file.completeRequest())
    const redirect = await caller.get(`/api/uploads/${opened.upload.id}/object`)
    const small = new SampleFile('log', { size: 10 })
    const single = (await caller.open(small.singleRequest)).body
    const sts = await caller.get<{ credentials: Record<string, string> }>('/sts')
    api.local.faults?.set({ fault: { kind: 'error', code: 'AccessDenied' }, operation: 'HeadObject' })
    await caller.complete(single.upload.id, await small.singleCompleteRequest())
    await caller.send('/api/uploads', {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    })

    const requests = api.log.filter(({ event }) => event === 'request')
    expect(
      requests.map((entry) => 'route' in entry && `${entry.method} ${entry.route} ${entry.status}`),
    ).toEqual([
      'POST /api/uploads 201',
      'POST /api/uploads/:id/complete 200',
      'GET /api/uploads/:id/object 302',
      'POST /api/uploads 201',
      'GET /sts 200',
      'POST /api/uploads/:id/complete 502',
      'POST /api/uploads 400',
    ])
    const owners = new Set(requests.map((entry) => 'owner' in entry && entry.owner))
    expect([...owners]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/u)])

    const text = JSON.stringify(api.log)
    const [owner = '', signature = ''] = caller.key.split('.')
    const { access } = opened
    if (access.mode !== 'credentials' || single.access.mode !== 'put') throw new Error('unexpected access')
    const forbidden = [
      secrets.secretId,
      secrets.secretKey,
      access.credentials.accessKeyId,
      access.credentials.secretAccessKey,
      access.credentials.sessionToken ?? '',
      ...Object.values(sts.body.credentials),
      'q-signature',
      new URL(single.access.url).searchParams.get('q-signature') ?? '',
      new URL(redirect.headers.get('location') ?? '').searchParams.get('q-signature') ?? '',
      'carryon_owner',
      owner,
      decodeURIComponent(signature),
      'secret plans',
    ]
    for (const secret of forbidden) {
      expect(secret.length).toBeGreaterThan(3)
      expect(text).not.toContain(secret)
    }
  })
})

describe('behind a proxy', () => {
  const small = new SampleFile('proxy', { size: 10 })
  const openThrough = async (options: ApiOptions, origin?: string) => {
    const caller = await start(options)
    return caller.send('/api/uploads', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'app.example.com',
        ...(origin !== undefined && { origin }),
      },
      body: JSON.stringify(small.singleRequest),
    })
  }

  test('that is trusted, its word on host and scheme counts', async () => {
    const { status, headers } = await openThrough({ trustForwarded: true }, 'https://app.example.com')
    expect(status).toBe(201)
    expect(headers.getSetCookie()[0]).toContain('Secure')
  })

  test('that is not, it is ignored', async () => {
    expect((await openThrough({}, 'https://app.example.com')).status).toBe(403)
    await api.close()
    const { headers } = await openThrough({})
    expect(headers.getSetCookie()[0]).not.toContain('Secure')
  })
})
