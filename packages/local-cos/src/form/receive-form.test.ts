import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import type { Reply, TestClient } from '../testing/client.js'
import { testBytes } from '../testing/client.js'
import { formBytes, formHeaders, signedFields } from '../testing/form.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'

const fields = Object.entries(signedFields({ fields: { key: 'a' }, credentials }))

async function post(client: TestClient, body: Uint8Array | Readable, headers = {}): Promise<Reply> {
  return client.call({
    method: 'POST',
    path: `/${bucket}`,
    credentials: false,
    body,
    headers: { ...formHeaders, ...headers },
  })
}

async function stored(client: TestClient): Promise<Buffer | null> {
  const reply = await client.call({ method: 'GET', path: `/${bucket}/a` })
  return reply.status === 200 ? reply.body : null
}

describe('the body of a form', () => {
  it('goes to a bucket by its path or by its host', async () => {
    const { client } = await startTestStore()
    const body = formBytes([...fields, ['file', 'x']])
    const host = `${bucket}.cos.ap-guangzhou.myqcloud.com`
    const call = { method: 'POST', body, credentials: false, headers: formHeaders } as const
    for (const path of [`/${bucket}`, `/${bucket}/`]) {
      const { status, headers } = await client.call({ ...call, path })
      expect([status, headers.location?.endsWith(`/${bucket}/a`)]).toEqual([204, true])
    }
    const { status, headers } = await client.call({ ...call, path: '/', host })
    expect([status, headers.location]).toEqual([204, `http://${host}/a`])
    expect((await client.call({ ...call, path: '/other-1250000000' })).code).toBe('NoSuchBucket')
    expect((await client.call({ ...call, path: `/${bucket}/key` })).code).toBe('MethodNotAllowed')
    expect((await client.call({ ...call, path: `/${bucket}`, query: { cors: '' } })).code).toBe(
      'NotImplemented',
    )
    const json = { 'content-type': 'application/json' }
    expect((await client.call({ ...call, path: `/${bucket}`, headers: json })).code).toBe('MethodNotAllowed')
    const list = '<Delete><Object><Key>a</Key></Object></Delete>'
    const removal = { method: 'POST', path: `/${bucket}`, query: { delete: '' }, body: list }
    expect((await client.call({ ...removal, headers: formHeaders })).status).toBe(200)
    expect(await stored(client)).toBeNull()
  })

  it('ignores what follows the file', async () => {
    const { client } = await startTestStore()
    const after = [
      ['key', 'b'],
      ['x-cos-meta-a', 'b'],
      ['file', 'other'],
      ['long', 'x'.repeat(200_000)],
    ] as const
    expect((await post(client, formBytes([...fields, ['file', 'x'], ...after]))).status).toBe(204)
    expect((await stored(client))?.toString()).toBe('x')
    const early = formBytes([['file', 'x'], ...fields])
    expect((await post(client, early)).code).toBe('AccessDenied')
  })

  it('comes through whole when the file looks like a boundary, however it is cut', async () => {
    const { client } = await startTestStore()
    const looks = '\r\n--boundary-of-the-test'
    const pieces = Array.from({ length: 300 }, (_, index) =>
      Buffer.concat([
        Buffer.from(looks.slice(0, (index * 7) % looks.length)),
        testBytes((index * 13) % 90, index),
      ]),
    )
    const content = Buffer.concat(pieces)
    const body = formBytes([...fields, ['file', content]])
    for (const size of [1, 7, 23, 64, 1000]) {
      const chunks = Array.from({ length: Math.ceil(body.length / size) }, (_, index) =>
        body.subarray(index * size, (index + 1) * size),
      )
      const reply = await post(client, Readable.from(chunks), { 'transfer-encoding': 'chunked' })
      expect([size, reply.status]).toEqual([size, 204])
      expect((await stored(client))?.equals(content)).toBe(true)
    }
  }, 30_000)

  it('has fields of 64 KiB at most', async () => {
    const { client } = await startTestStore()
    const long = (size: number): Buffer => formBytes([...fields, ['long', 'x'.repeat(size)], ['file', 'x']])
    expect((await post(client, long(60_000))).status).toBe(204)
    for (const size of [65_000, 200_000, 9_000_000]) {
      expect([size, (await post(client, long(size))).code]).toEqual([size, 'MalformedPOSTRequest'])
    }
    const many = Array.from({ length: 2000 }, (_, index) => [`f${index}`, ''] as const)
    expect((await post(client, formBytes([...many, ...fields, ['file', 'x']]))).code).toBe(
      'MalformedPOSTRequest',
    )
  })

  it('has a file, and each field once', async () => {
    const { client } = await startTestStore()
    expect((await post(client, formBytes(fields))).code).toBe('MalformedPOSTRequest')
    const twice = formBytes([['Key', 'b'], ...fields, ['file', 'x']])
    expect((await post(client, twice)).code).toBe('MalformedPOSTRequest')
    expect(await stored(client)).toBeNull()
  })

  it('is refused wherever it ends too early, and never waited for', async () => {
    const { client, directory } = await startTestStore()
    const whole = formBytes([...fields, ['file', 'content']])
    const tail = '\r\n'.length
    for (let length = 0; length < whole.length - tail; length += length < 900 ? 41 : 1) {
      const { status, code } = await post(client, whole.subarray(0, length))
      expect([length, status, code]).toEqual([length, 400, 'MalformedPOSTRequest'])
    }
    expect(await stored(client)).toBeNull()
    expect(await readdir(join(directory, 'temporary'))).toEqual([])
    expect((await post(client, whole.subarray(0, -tail))).status).toBe(204)
  })

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'x'.repeat(300)}`,
  ])('needs a boundary that is of use, not %j', async (type) => {
    const { client } = await startTestStore()
    const reply = await post(client, formBytes([...fields, ['file', 'x']]), { 'content-type': type })
    expect([reply.status, reply.code]).toEqual([400, 'MalformedPOSTRequest'])
  })

  it.each([500, 1_000, 3_000, 200_000])(
    'stores nothing when the sender goes away after %i bytes',
    async (size) => {
      const { client, store, directory } = await startTestStore()
      const body = formBytes([...fields, ['file', testBytes(400_000)]])
      const socket = connect(store.port, '127.0.0.1')
      socket.write(
        `POST /${bucket} HTTP/1.1\r\nHost: x\r\nContent-Type: ${formHeaders['content-type']}\r\n` +
          `Content-Length: ${body.length}\r\n\r\n`,
      )
      socket.write(body.subarray(0, size))
      await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(size), 20_000)
      setTimeout(() => socket.destroy(), 50)
      await vi.waitFor(async () => {
        const entry = store.journal.find(({ operation }) => operation === 'PostObject')
        expect(entry).toMatchObject({
          status: 0,
          error: 'IncompleteBody',
          received: size,
          acknowledged: false,
        })
        expect(entry?.key).toBe(size > 900 ? 'a' : '')
        expect(await readdir(join(directory, 'temporary'))).toEqual([])
      }, 20_000)
      expect(await stored(client)).toBeNull()
    },
  )

  it('is not complete before the request is, though the file is', async () => {
    const { client, store } = await startTestStore()
    const body = formBytes([...fields, ['file', 'x']])
    const socket = connect(store.port, '127.0.0.1')
    socket.write(
      `POST /${bucket} HTTP/1.1\r\nHost: x\r\nContent-Type: ${formHeaders['content-type']}\r\n` +
        `Content-Length: ${body.length + 10}\r\n\r\n`,
    )
    socket.write(body)
    setTimeout(() => socket.destroy(), 100)
    await vi.waitFor(() => expect(store.journal[0]).toMatchObject({ error: 'IncompleteBody' }), 20_000)
    expect(await stored(client)).toBeNull()
  })
})
