import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { LocalCosOptions } from '../index.js'
import type { TestClient } from '../testing/client.js'
import { testBytes, type Call, type Reply } from '../testing/client.js'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'

async function startPage(options: Partial<LocalCosOptions> = {}): Promise<{
  readonly client: TestClient
  readonly page: (path: string, call?: Partial<Call>) => Promise<Reply>
  readonly data: (path: string) => Promise<unknown>
}> {
  const { client, store } = await startTestStore({ page: true, ...options })
  const page = async (path: string, call: Partial<Call> = {}): Promise<Reply> => {
    const [name = '', search = ''] = path.split('?')
    const query = Object.fromEntries(new URLSearchParams(search))
    return client.call({ method: 'GET', path: `/_local${name}`, query, credentials: false, ...call })
  }
  const data = async (path: string): Promise<unknown> => JSON.parse((await page(path)).text) as unknown
  expect(store.url).toContain('127.0.0.1')
  return { client, page, data }
}

describe('the page', () => {
  it('lists buckets, folders, objects in pages, and unfinished uploads', async () => {
    const { client, page, data } = await startPage()
    for (let number = 0; number < 103; number++) {
      const key = `many/${String(number).padStart(3, '0')}`
      await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: testBytes(number) })
    }
    const uploads = new MultipartCalls(client, 'open.bin')
    await uploads.put(await uploads.initiate(), 1, testBytes(5000))
    expect(await data('/buckets.json')).toMatchObject({
      buckets: [{ name: bucket, objects: 103, unfinishedUploads: 1 }],
    })
    expect(await data(`/bucket.json?name=${bucket}`)).toMatchObject({
      folders: ['many/'],
      objects: [],
      next: null,
      unfinishedUploads: [{ key: 'open.bin', parts: 1, size: 5000 }],
    })
    const first = (await data(`/bucket.json?name=${bucket}&prefix=many/`)) as {
      readonly objects: readonly unknown[]
      readonly next: string
    }
    expect([first.objects.length, first.next]).toEqual([100, 'many/099'])
    const second = await page(`/bucket?name=${bucket}&prefix=many/&after=${first.next}`)
    expect(second.text).toContain('102</a>')
    expect(second.text).not.toContain('099</a>')
    const object = await page(`/object?bucket=${bucket}&key=many/005`)
    expect(object.text).toContain(createHash('md5').update(testBytes(5)).digest('hex'))
    expect((await page('/bucket?name=none-1250000000')).status).toBe(404)
  })

  it('shows names of others as text, and runs nothing', async () => {
    const { client, page } = await startPage()
    const key = `<script>alert(1)</script>"'\u202e&`
    await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: 'x' })
    for (const path of [
      `/bucket?name=${bucket}`,
      '/requests',
      `/object?bucket=${bucket}&key=${encodeURIComponent(key)}`,
    ]) {
      const reply = await page(path)
      expect(reply.status).toBe(200)
      expect(reply.text).not.toMatch(/<script|\u202e/)
      expect(reply.text).toContain('&lt;script&gt;')
      const style = /<style>([^]*)<\/style>/.exec(reply.text)?.[1] ?? ''
      const hash = createHash('sha256').update(style).digest('base64')
      expect(reply.headers['content-security-policy']).toContain(
        `default-src 'none'; style-src 'sha256-${hash}';`,
      )
      expect(reply.headers['x-frame-options']).toBe('DENY')
    }
  })

  it('tells why a signature was refused, side by side, without secret, signature or token', async () => {
    const { client, page, data } = await startPage()
    const path = `/${bucket}/a b`
    const now = Math.floor(Date.now() / 1000)
    const keyTime = `${now};${now + 60}`
    // Sign the path without the bucket, but call the path-style address.
    const host = new URL((await page('')).text.match(/http:\/\/127[^<]*/)?.[0] ?? '').host
    const { sign } = await import('../signature.js')
    const { signature } = sign(
      { method: 'GET', path: '/a b', parameters: [], headers: [['host', host]], keyTime },
      credentials.secretKey,
    )
    const query = {
      'q-sign-algorithm': 'sha1',
      'q-ak': credentials.secretId,
      'q-sign-time': keyTime,
      'q-key-time': keyTime,
      'q-header-list': 'host',
      'q-url-param-list': '',
      'q-signature': signature,
      'x-cos-security-token': 'token-of-somebody',
    }
    const refused = await client.call({ method: 'GET', path, query, credentials: false })
    expect(refused.code).toBe('SignatureDoesNotMatch')
    const [request] = (await data('/requests.json?refused=1')) as readonly { readonly requestId: string }[]
    const { text } = await page(`/request?id=${request?.requestId ?? ''}`)
    expect(text).toContain('signed the path without the bucket')
    expect(text).toContain('<span class="other">/a b</span>')
    expect(text).toContain(`<span class="other">/${bucket}/a b</span>`)
    const json = await data(`/request.json?id=${request?.requestId ?? ''}`)
    expect(json).toMatchObject({ signature: { mistakes: ['path-without-bucket'] } })
    for (const secret of [signature, credentials.secretKey, 'token-of-somebody']) {
      expect(text + JSON.stringify(json)).not.toContain(secret)
    }
  })

  it('compares with what the client says that it signed, when no mistake explains it', async () => {
    const { client, page, data } = await startPage()
    await client.call({
      method: 'GET',
      path: `/${bucket}/a`,
      credentials: { ...credentials, secretKey: 'other' },
    })
    const [request] = (await data('/requests.json')) as readonly { readonly requestId: string }[]
    const id = request?.requestId ?? ''
    expect((await page(`/request?id=${id}`)).text).toContain('None of the usual mistakes')
    const signed = encodeURIComponent(`get\n/${bucket}/b\n\nhost=x\n`)
    const compared = await page(`/request?id=${id}&signed=${signed}`, {
      headers: { 'accept-language': 'zh-CN' },
    })
    expect(compared.text).toContain(`<span class="other">/${bucket}/b</span>`)
    expect(compared.text).toContain('lang="zh-CN"')
  })

  it('is there only when asked for, on this machine, by a loopback name, not through a proxy, and only to be read', async () => {
    const { page } = await startPage()
    expect((await page('')).status).toBe(200)
    expect((await page('', { host: 'evil.example' })).status).toBe(403)
    expect((await page('', { host: '127.0.0.1.evil.example' })).status).toBe(403)
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      expect((await page('', { headers: { [name]: '203.0.113.9' } })).status).toBe(403)
    }
    expect((await page('', { method: 'POST', body: 'x' })).status).toBe(405)
    expect((await page('/none')).status).toBe(404)
    expect(
      (await page('/buckets.json', { headers: { origin: 'http://evil.example' } })).headers,
    ).not.toHaveProperty('access-control-allow-origin')
    const off = await startPage({ page: false, faults: false })
    expect((await off.page('')).code).toBe('AccessDenied')
  })

  it('leaves the key _local of a bucket alone', async () => {
    const { client } = await startPage()
    const host = `${bucket}.cos.ap-guangzhou.localhost:3001`
    for (const path of ['/_local', '/_local/requests', '/_local/faults']) {
      expect((await client.call({ method: 'PUT', path, body: 'mine', host })).status).toBe(200)
      expect((await client.call({ method: 'GET', path, host })).text).toBe('mine')
    }
  })
})
