import { createHash } from 'node:crypto'
import {
  dialects,
  type FormRequest,
  type ObjectHeaders,
  type ObjectInfo,
  type UploadedObject,
  type ObjectStore,
  type OpenMultipartUpload,
  type PartAddress,
  type UploadedPart,
  type PresignRequest,
  type SignedForm,
  type SignedRequest,
  StoreError,
  type StoredPart,
  type StoreLocation,
} from '@carryon/object-store'
import { crc64Of } from './crc64-of.js'
import { answerWith, type ByteRange } from './download-answer.js'

type Method =
  | 'createMultipartUpload'
  | 'listParts'
  | 'completeMultipartUpload'
  | 'headObject'
  | 'headBucket'
  | 'abortMultipartUpload'
  | 'deleteObject'

interface MultipartUpload {
  readonly key: string
  readonly initiated: Date
  readonly parts: Map<number, Uint8Array>
}

/**
 * An in-memory object store that behaves like COS, with faults that tests inject. It handles calls; nothing listens at
 * its URLs.
 */
export class MemoryStore implements ObjectStore {
  readonly location: StoreLocation = {
    dialect: 'cos',
    baseUrl: 'http://store.test/carryon-1250000000',
    bucket: 'carryon-1250000000',
    region: 'ap-guangzhou',
  }
  readonly dialect = dialects.cos
  readonly capabilities = {
    partChecksum: 'crc64ecma',
    objectChecksum: 'crc64ecma',
    etagIsMd5: true,
    minPartSize: 2 ** 20,
    maxPartSize: 5 * 2 ** 30,
    maxParts: 10_000,
    equalParts: false,
    maxPutSize: 5 * 2 ** 30,
    maxObjectSize: 48 * 2 ** 40,
    forbidOverwrite: true,
    forbidOverwriteOnComplete: true,
    emptyHeaders: true,
    forms: true,
  } as const
  readonly multipartUploads = new Map<string, MultipartUpload>()
  readonly objects = new Map<string, Buffer>()
  /** Headers that objects were put and multipart uploads were created with, by key. */
  readonly headers = new Map<string, ObjectHeaders>()
  /** Whether completing is refused if its CRC-64 differs from the parts', as on S3; COS joins them anyway. */
  refusesOtherCrc64 = false
  /** Whether all parts but the last must have the minimum size of COS. Off, so that tests need no megabytes. */
  refusesSmallParts = false
  /** Whether HEAD returns the CRC-64. */
  showsCrc64 = true
  /** Every call, in order. */
  readonly calls: string[] = []
  readonly #faults = new Map<Method, ('before' | 'after')[]>()
  readonly #between = new Map<Method, (() => Promise<unknown>)[]>()
  readonly #now: () => Date
  /** ETags of objects that were joined from parts. */
  readonly #joined = new WeakMap<Buffer, string>()
  #gate: Promise<void> = Promise.resolve()
  #next = 1

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  /** Makes the next `times` calls of `method` fail without an answer: before they take effect, or after. */
  loseAnswer(method: Method, when: 'before' | 'after' = 'after', times = 1): void {
    const faults = this.#faults.get(method) ?? []
    this.#faults.set(method, [...faults, ...Array.from({ length: times }, () => when)])
  }

  /** Delays the answer to the next unclaimed call of `method` until `act` has run; it still describes the state before `act`. */
  meanwhile(method: Method, act: () => Promise<unknown>): void {
    this.#between.set(method, [...(this.#between.get(method) ?? []), act])
  }

  /** Holds completes back until the returned function is called. */
  holdCompletes(): () => void {
    let open: () => void = () => undefined
    this.#gate = new Promise((resolve) => {
      open = resolve
    })
    return () => open()
  }

  async createMultipartUpload(
    key: string,
    headers: ObjectHeaders = {},
  ): Promise<{ readonly uploadId: string }> {
    return this.#call('createMultipartUpload', () => {
      this.headers.set(key, headers)
      const uploadId = `upload-${this.#next++}`
      this.multipartUploads.set(uploadId, { key, initiated: this.#now(), parts: new Map() })
      return { uploadId }
    })
  }

  async uploadPart(
    { key, uploadId, partNumber }: PartAddress,
    body: Uint8Array | Blob,
  ): Promise<UploadedPart> {
    const bytes = await bytesOf(body)
    this.#multipartUpload(key, uploadId).parts.set(partNumber, bytes)
    return { etag: md5(bytes), crc64: crc64Of(bytes) }
  }

  async listParts(key: string, uploadId: string): Promise<readonly StoredPart[]> {
    return this.#call('listParts', () =>
      [...this.#multipartUpload(key, uploadId).parts]
        .sort(([a], [b]) => a - b)
        .map(([partNumber, body]) => ({ partNumber, size: body.byteLength, etag: md5(body) })),
    )
  }

  async completeMultipartUpload(
    key: string,
    uploadId: string,
    parts: readonly { readonly partNumber: number; readonly etag: string }[],
    { crc64, forbidOverwrite }: { readonly crc64?: string; readonly forbidOverwrite?: boolean } = {},
  ): Promise<UploadedObject> {
    await this.#gate
    return this.#call('completeMultipartUpload', () => {
      const stored = this.#multipartUpload(key, uploadId).parts
      if (forbidOverwrite === true) this.#refuseTaken(key)
      if (parts.some(({ partNumber }, index) => partNumber <= (parts[index - 1]?.partNumber ?? 0))) {
        throw refused('InvalidPartOrder', 400)
      }
      const bodies = parts.map(({ partNumber, etag }) => {
        const body = stored.get(partNumber)
        if (body === undefined || md5(body) !== etag) throw refused('InvalidPart', 400)
        return body
      })
      const { minPartSize } = this.capabilities
      if (this.refusesSmallParts && bodies.slice(0, -1).some((body) => body.byteLength < minPartSize)) {
        throw refused('EntityTooSmall', 400)
      }
      const object = Buffer.concat(bodies)
      if (this.refusesOtherCrc64 && crc64 !== crc64Of(object)) throw refused('BadDigest', 400)
      this.objects.set(key, object)
      this.multipartUploads.delete(uploadId)
      const etag = `${md5(object)}-${parts.length}`
      this.#joined.set(object, etag)
      return { etag, crc64: crc64Of(object) }
    })
  }

  async abortMultipartUpload(key: string, uploadId: string): Promise<void> {
    await this.#call('abortMultipartUpload', () => {
      if (this.multipartUploads.get(uploadId)?.key === key) this.multipartUploads.delete(uploadId)
    })
  }

  async *listMultipartUploads(prefix: string): AsyncGenerator<OpenMultipartUpload> {
    for (const [uploadId, { key, initiated }] of [...this.multipartUploads]) {
      if (key.startsWith(prefix)) yield { key, uploadId, initiated }
    }
  }

  async putObject(
    key: string,
    body: Uint8Array | Blob,
    { forbidOverwrite, ...headers }: ObjectHeaders & { readonly forbidOverwrite?: boolean } = {},
  ): Promise<UploadedObject> {
    const bytes = await bytesOf(body)
    if (forbidOverwrite === true) this.#refuseTaken(key)
    const { contentMd5 } = headers
    if (contentMd5 !== undefined && contentMd5 !== md5(bytes, 'base64')) throw refused('BadDigest', 400)
    this.objects.set(key, Buffer.from(bytes))
    this.headers.set(key, headers)
    return { etag: md5(bytes), crc64: crc64Of(bytes) }
  }

  async headObject(key: string): Promise<ObjectInfo | null> {
    return this.#call('headObject', () => {
      const body = this.objects.get(key)
      if (body === undefined) return null
      const crc64 = this.showsCrc64 ? { crc64: crc64Of(body) } : {}
      const etag = this.#joined.get(body) ?? md5(body)
      return { size: body.byteLength, etag, ...crc64, lastModified: this.#now() }
    })
  }

  async getObject(key: string, range?: ByteRange): Promise<Response> {
    const object = this.objects.get(key)
    if (object === undefined) throw refused('NoSuchKey', 404)
    if (range !== undefined && range.start >= object.length) throw refused('InvalidRange', 416)
    return answerWith(object, this.headers.get(key), range)
  }

  async deleteObject(key: string): Promise<void> {
    await this.#call('deleteObject', () => this.objects.delete(key))
  }

  async presign({ method, key, query, headers, forbidOverwrite }: PresignRequest): Promise<SignedRequest> {
    const url = new URL(`${this.location.baseUrl}/${key}`)
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value)
    url.searchParams.set('q-signature', 'signed')
    const careful = forbidOverwrite === true ? { 'x-cos-forbid-overwrite': 'true' } : {}
    return { method, url: url.href, headers: { ...headers, ...careful } }
  }

  async presignForm({ key, size, headers }: FormRequest): Promise<SignedForm> {
    const { contentMd5, contentType = '', contentDisposition = '' } = headers
    return {
      url: `${this.location.baseUrl}/`,
      fields: {
        key,
        'Content-Type': contentType,
        'Content-Disposition': contentDisposition,
        'Content-MD5': contentMd5,
        policy: `${size} bytes`,
      },
    }
  }

  async headBucket(): Promise<void> {
    await this.#call('headBucket', () => undefined)
  }

  async isVersioned() {
    return false
  }

  async getCors() {
    return []
  }

  async putCors(): Promise<void> {
    // CORS rules are not needed: no test uses a browser.
  }

  async getAbortIncompleteDays(): Promise<null> {
    return null
  }

  async putAbortIncompleteDays(): Promise<void> {
    // Lifecycle rules have no effect here.
  }

  async #call<Result>(method: Method, act: () => Result): Promise<Result> {
    this.calls.push(method)
    await Promise.resolve()
    const fault = this.#faults.get(method)?.shift()
    if (fault === 'before') throw refused('NetworkError', 0)
    const result = act()
    await this.#between.get(method)?.shift()?.()
    if (fault === 'after') throw refused('NetworkError', 0)
    return result
  }

  #refuseTaken(key: string): void {
    if (this.objects.has(key)) throw refused('FileAlreadyExists', 409)
  }

  #multipartUpload(key: string, uploadId: string): MultipartUpload {
    const multipartUpload = this.multipartUploads.get(uploadId)
    if (multipartUpload?.key !== key) throw refused('NoSuchUpload', 404)
    return multipartUpload
  }
}

function refused(code: string, status: number): StoreError {
  return new StoreError(`the memory store says ${code}`, { code, status, requestId: 'memory-1' })
}

async function bytesOf(body: Uint8Array | Blob): Promise<Uint8Array> {
  return body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body
}

function md5(bytes: Uint8Array, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash('md5').update(bytes).digest(encoding)
}
