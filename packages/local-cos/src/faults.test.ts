import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { Faults } from './faults.js'
import { childText } from './xml.js'
import { testBytes, type Reply } from './testing/client.js'
import { MultipartCalls } from './testing/multipart.js'
import { bucket, startTestStore } from './testing/store.js'

const path = `/${bucket}/a`
const hex = (data: Uint8Array): string => createHash('md5').update(data).digest('hex')
const failed = (error: unknown): unknown => error

describe('a fault rule', () => {
  it('strikes what it names, as often as it says', () => {
    const faults = new Faults()
    const fault = { kind: 'delay', milliseconds: 1 } as const
    faults.set({ fault, operation: 'UploadPart', keyContains: 'b', partNumber: 2, skip: 1, times: 2 })
    const fitting = { operation: 'UploadPart', key: 'abc', partNumber: 2 }
    const struck = (target: typeof fitting): number => faults.strike(target).length
    expect(struck({ ...fitting, operation: 'PutObject' })).toBe(0)
    expect(struck({ ...fitting, key: 'ac' })).toBe(0)
    expect(struck({ ...fitting, partNumber: 3 })).toBe(0)
    expect([struck(fitting), struck(fitting), struck(fitting), struck(fitting)]).toEqual([0, 1, 1, 0])
    expect(faults.rules).toMatchObject([{ struck: 2 }])
    faults.clear()
    faults.set({ fault, probability: 0 })
    expect(struck(fitting)).toBe(0)
  })
})

describe('the fault switch', () => {
  it.each([
    ['SlowDown', 503],
    ['UserNetworkTooSlow', 400],
    ['RequestTimeout', 400],
    ['ExpiredToken', 400],
    ['InternalError', 500],
  ] as const)('refuses with %s, before or after the body', async (code, status) => {
    const { client, store } = await startTestStore()
    store.faults?.set({ fault: { kind: 'error', code, retryAfterSeconds: 2 }, times: 1 })
    store.faults?.set({ fault: { kind: 'error', code, after: 'body' }, skip: 1, times: 1 })
    const early = await client.call({ method: 'PUT', path, body: testBytes(500_000) })
    expect([early.status, early.code, early.headers['retry-after']]).toEqual([status, code, '2'])
    const late = await client.call({ method: 'PUT', path, body: testBytes(500_000) })
    expect([late.status, late.code]).toEqual([status, code])
    expect(store.journal.at(-1)).toMatchObject({ received: 500_000, acknowledged: false })
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })

  it('resets a connection in the middle of a body; nothing is stored', async () => {
    const { client, store, directory } = await startTestStore()
    store.faults?.set({ fault: { kind: 'reset', afterBytes: 100_000 }, times: 1 })
    expect(
      await client.call({ method: 'PUT', path, body: testBytes(2_000_000) }).catch(failed),
    ).toBeInstanceOf(Error)
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
    await vi.waitFor(async () => {
      const entry = store.journal.find(({ operation }) => operation === 'PutObject')
      expect(entry).toMatchObject({ status: 0, acknowledged: false })
      expect(await readdir(join(directory, 'temporary'))).toEqual([])
    }, 20_000)
  })

  it('loses an answer after the work was done', async () => {
    const { client, store } = await startTestStore()
    store.faults?.set({ fault: { kind: 'lose-answer' }, times: 1 })
    expect(await client.call({ method: 'PUT', path, body: 'x' }).catch(failed)).toBeInstanceOf(Error)
    expect((await client.call({ method: 'GET', path })).text).toBe('x')
  })

  it('loses the answer to complete', async () => {
    const { client, store } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    await calls.put(uploadId, 1, Buffer.from('x'))
    store.faults?.set({ fault: { kind: 'lose-answer' }, operation: 'CompleteMultipartUpload', times: 1 })
    expect(await calls.complete(uploadId, [hex(Buffer.from('x'))]).catch(failed)).toBeInstanceOf(Error)
    expect((await calls.complete(uploadId, [hex(Buffer.from('x'))])).code).toBe('NoSuchUpload')
    expect((await client.call({ method: 'GET', path })).text).toBe('x')
  })

  it('is slow to complete, sending blanks, then answers', async () => {
    const { client, store } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    await calls.put(uploadId, 1, Buffer.from('x'))
    store.faults?.set({ fault: { kind: 'slow-complete', milliseconds: 1200 } })
    const reply = await calls.complete(uploadId, [hex(Buffer.from('x'))])
    expect([reply.status, reply.xml.name]).toEqual([200, 'CompleteMultipartUploadResult'])
    expect(reply.text).toMatch(/^ +<CompleteMultipartUploadResult/)
  })

  it('fails late with 200 and an error, and leaves the upload open', async () => {
    const { client, store } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    await calls.put(uploadId, 1, Buffer.from('x'))
    store.faults?.set({ fault: { kind: 'late-error', code: 'InternalError' }, times: 1 })
    const refused = await calls.complete(uploadId, [hex(Buffer.from('x'))])
    expect([refused.status, refused.code]).toEqual([200, 'InternalError'])
    expect(store.journal.at(-1)).toMatchObject({ status: 200, error: 'InternalError', acknowledged: false })
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
    expect((await calls.complete(uploadId, [hex(Buffer.from('x'))])).xml.name).toBe(
      'CompleteMultipartUploadResult',
    )
  })

  it('has a wrong clock', async () => {
    const { client, store } = await startTestStore()
    store.faults?.set({ fault: { kind: 'clock-skew', seconds: -3600 }, times: 1 })
    const early = await client.call({ method: 'PUT', path, body: 'x' })
    expect(early.code).toBe('RequestTimeTooSkewed')
    expect(Math.abs(Date.parse(early.headers.date ?? '') - Date.now() + 3_600_000)).toBeLessThan(5000)
    store.faults?.set({ fault: { kind: 'clock-skew', seconds: 3600 }, times: 1 })
    expect(childText((await client.call({ method: 'PUT', path, body: 'x' })).xml, 'Message')).toBe(
      'Request has expired',
    )
  })

  it('has a full disk; the space is free again and no half object is left', async () => {
    const { client, store, directory } = await startTestStore()
    store.faults?.set({ fault: { kind: 'disk-full', afterBytes: 100_000 }, times: 1 })
    const put = await client.call({ method: 'PUT', path, body: testBytes(1_000_000) })
    expect([put.status, put.code]).toEqual([507, 'InsufficientStorage'])
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    store.faults?.set({ fault: { kind: 'disk-full' }, operation: 'UploadPart', times: 1 })
    expect((await calls.put(uploadId, 1, testBytes(1_000_000))).status).toBe(507)
    expect((await calls.list(uploadId)).text).not.toContain('<Part>')
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
    expect(await readdir(join(directory, 'temporary'))).toEqual([])
  })

  it('never answers, until the store is closed or the client goes away', async () => {
    const { client, store } = await startTestStore()
    store.faults?.set(
      { fault: { kind: 'hang' } },
      { fault: { kind: 'delay', milliseconds: 60_000 }, operation: 'GetObject' },
    )
    const hanging = [
      client.call({ method: 'PUT', path, body: testBytes(300_000) }).catch(failed),
      client.call({ method: 'PUT', path, body: 'one chunk' }).catch(failed),
      client.call({ method: 'HEAD', path }).catch(failed),
      client.call({ method: 'GET', path }).catch(failed),
    ]
    await vi.waitFor(() => expect(store.faults?.rules.map(({ struck }) => struck)).toEqual([4, 1]), {
      timeout: 10_000,
    })
    await store.close()
    const [put, small, head, get] = await Promise.all(hanging)
    expect(put).toBeInstanceOf(Error)
    expect(small).toBeInstanceOf(Error)
    expect(head).toBeInstanceOf(Error)
    expect((get as Reply).code).toBe('ServiceUnavailable')
  })

  it('is worked over HTTP too, when it is on', async () => {
    const { client, store } = await startTestStore()
    const call = async (method: string, name: string, body?: unknown): Promise<Reply> =>
      client.call({
        method,
        path: `/_local/${name}`,
        credentials: false,
        headers: { authorization: `Bearer ${store.adminToken ?? ''}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    expect(
      (await call('POST', 'faults', { fault: { kind: 'error', code: 'SlowDown' }, times: 1 })).status,
    ).toBe(200)
    expect((await client.call({ method: 'HEAD', path })).status).toBe(503)
    expect(JSON.parse((await call('GET', 'faults')).text)).toMatchObject([{ struck: 1 }])
    expect((await call('DELETE', 'faults')).status).toBe(200)
    expect(store.faults?.rules).toEqual([])
    for (const wrong of [
      {},
      { fault: { kind: 'x' } },
      { fault: { kind: 'error', code: 'x' } },
      { fault: { kind: 'delay' } },
    ]) {
      expect((await call('POST', 'faults', wrong)).status).toBe(400)
    }
    expect(JSON.parse((await call('GET', 'journal')).text)).toMatchObject([
      { operation: 'HeadObject', error: 'SlowDown' },
    ])
    expect(JSON.parse((await call('GET', 'counters')).text)).toMatchObject({ HeadObject: { requests: 1 } })
    expect((await call('GET', 'unknown')).status).toBe(405)
    const { client: plain, store: off } = await startTestStore({ faults: false })
    expect([off.faults, off.adminToken]).toEqual([undefined, undefined])
    expect((await plain.call({ method: 'GET', path: '/_local/faults', credentials: false })).status).toBe(403)
  })

  it('is worked by nobody without the token, nor by a page of a name that leads here', async () => {
    const { client, store, directory } = await startTestStore()
    const token = await readFile(join(directory, 'admin-token'), 'utf8')
    expect(token).toBe(store.adminToken)
    const refused = async (headers: Record<string, string>, host?: string): Promise<Reply> =>
      client.call({
        method: 'POST',
        path: '/_local/faults',
        credentials: false,
        headers,
        body: JSON.stringify({ fault: { kind: 'hang' } }),
        ...(host === undefined ? {} : { host }),
      })
    for (const reply of [
      await refused({}),
      await refused({ authorization: 'Bearer ' }),
      await refused({ authorization: `Bearer ${token}x` }),
      await refused({ authorization: `Bearer ${token}`, origin: 'http://evil.example' }, 'evil.example'),
      await refused({ authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.9' }),
    ]) {
      expect(reply.status).toBe(403)
      expect(reply.headers).not.toHaveProperty('access-control-allow-origin')
    }
    const preflight = await client.call({
      method: 'OPTIONS',
      path: '/_local/faults',
      credentials: false,
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(403)
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin')
    expect(store.faults?.rules).toEqual([])
    await store.close()
    expect(await readdir(directory)).not.toContain('admin-token')
  })
})
