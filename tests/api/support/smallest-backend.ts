import { randomBytes } from 'node:crypto'
import type { ObjectStore } from '@carryon/object-store'
import type {
  AccessGrant,
  CompleteRequest,
  ErrorCode,
  OpenRequest,
  RegisteredUpload,
} from '@carryon/protocol'

const partSize = 8 * 2 ** 20
/** Lifetime of signed URLs, seconds. */
const lifetime = 1800
/** Age in milliseconds at which an unfinished upload would have to be removed; this example does not remove any. */
const keptFor = 7 * 86_400_000

/**
 * The minimum that `@carryon/client` needs of a server: five calls, one owner, records in memory, signed part URLs.
 * The example of docs/guides/write-a-backend.md.
 *
 * @returns a handler of Web-standard requests
 */
export function smallestBackend(store: ObjectStore): (request: Request) => Promise<Response> {
  const uploads = new Map<string, RegisteredUpload>()

  async function open({ identity, name, size, type = '' }: OpenRequest): Promise<Response> {
    const found = [...uploads.values()].find(
      (upload) => upload.identity === identity && upload.state === 'open',
    )
    const upload = found ?? (await create({ identity, name, size, type }))
    const parts = await store.listParts(upload.key, upload.uploadId ?? '')
    return answer(found === undefined ? 201 : 200, {
      upload,
      created: found === undefined,
      parts,
      access: await grant(upload),
      checksums: {
        part: store.capabilities.partChecksum,
        object: store.capabilities.objectChecksum,
        etagIsMd5: store.capabilities.etagIsMd5,
      },
      serverTime: Date.now() / 1000,
    })
  }

  async function create(file: Pick<RegisteredUpload, 'identity' | 'name' | 'size' | 'type'>) {
    const id = randomBytes(16).toString('hex')
    const key = `uploads/${id}`
    const { uploadId } = await store.createMultipartUpload(key, { contentType: file.type })
    const now = new Date().toISOString()
    const upload: RegisteredUpload = {
      ...file,
      id,
      key,
      uploadId,
      mode: 'multipart',
      partSize,
      partCount: Math.max(1, Math.ceil(file.size / partSize)),
      state: 'open',
      createdAt: now,
      updatedAt: now,
      expiresAt: new Date(Date.now() + keptFor).toISOString(),
      finishedAt: null,
      url: null,
      crc64: null,
      etag: null,
    }
    uploads.set(id, upload)
    return upload
  }

  /** Signed URLs of the requested parts, or of the first hundred by default. */
  async function grant(upload: RegisteredUpload, partNumbers?: readonly number[]): Promise<AccessGrant> {
    const wanted = partNumbers ?? Array.from({ length: Math.min(100, upload.partCount) }, (_, i) => i + 1)
    const urls = wanted.map(async (partNumber): Promise<[string, string]> => {
      const { url } = await store.presign({
        method: 'PUT',
        key: upload.key,
        query: { partNumber: String(partNumber), uploadId: upload.uploadId ?? '' },
        headers: { 'content-length': String(Math.min(partSize, upload.size - (partNumber - 1) * partSize)) },
        expiresIn: lifetime,
      })
      return [String(partNumber), url]
    })
    return {
      mode: 'urls',
      urls: Object.fromEntries(await Promise.all(urls)),
      expiresAt: Date.now() / 1000 + lifetime,
    }
  }

  /** Trusts nothing in the request: lists the parts and checks the object. */
  async function complete(
    upload: RegisteredUpload,
    { etags = [], crc64 }: CompleteRequest,
  ): Promise<Response> {
    if (upload.state === 'done') return answer(200, { upload })
    const { key, size } = upload
    const uploadId = upload.uploadId ?? ''
    const stored = await store.listParts(key, uploadId)
    const partNumbers = etags.flatMap((etag, index) =>
      stored.find(({ partNumber }) => partNumber === index + 1)?.etag === etag ? [] : [index + 1],
    )
    if (partNumbers.length > 0) return problem(409, 'parts-mismatch', { partNumbers })
    await store.completeMultipartUpload(key, uploadId, stored)
    const object = await store.headObject(key)
    if (object?.size !== size || object.crc64 !== crc64) {
      await store.deleteObject(key)
      uploads.set(upload.id, { ...upload, state: 'failed' })
      return problem(409, 'checksum-mismatch')
    }
    const { url } = await store.presign({ method: 'GET', key, expiresIn: lifetime })
    const done: RegisteredUpload = {
      ...upload,
      state: 'done',
      url,
      etag: object.etag,
      crc64: object.crc64 ?? null,
    }
    uploads.set(upload.id, done)
    return answer(200, { upload: done })
  }

  async function cancel(upload: RegisteredUpload): Promise<Response> {
    if (upload.state === 'done') return problem(409, 'already-done', { upload })
    await store.abortMultipartUpload(upload.key, upload.uploadId ?? '')
    uploads.set(upload.id, { ...upload, state: 'cancelled' })
    return new Response(null, { status: 204 })
  }

  return async (request) => {
    const [, id, action] =
      /\/uploads(?:\/([0-9a-f]+))?(?:\/(\w+))?$/.exec(new URL(request.url).pathname) ?? []
    const call = `${request.method} ${id === undefined ? '' : ':id'}${action === undefined ? '' : `/${action}`}`
    if (call === 'POST ') return open((await request.json()) as OpenRequest)
    const upload = uploads.get(id ?? '')
    if (upload === undefined) return problem(404, 'not-found')
    if (call === 'GET :id') return answer(200, { upload })
    if (call === 'DELETE :id') return cancel(upload)
    if (call === 'POST :id/complete') return complete(upload, (await request.json()) as CompleteRequest)
    if (call !== 'POST :id/access') return problem(404, 'not-found')
    const { partNumbers } = (await request.json()) as { readonly partNumbers?: readonly number[] }
    return answer(200, { access: await grant(upload, partNumbers), serverTime: Date.now() / 1000 })
  }
}

function answer(status: number, body: unknown): Response {
  return Response.json(body, { status })
}

function problem(status: number, code: ErrorCode, more: object = {}): Response {
  const body = { type: 'about:blank', title: code, status, detail: code, code, ...more }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
}
