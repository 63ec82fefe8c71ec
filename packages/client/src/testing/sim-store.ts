import { combineAll } from '@carryon/hash'
import type { Crc64Type } from '@carryon/hash'
import { crc64, hex } from './sim-hasher.js'

/** A request to the simulated store; the transport builds it from URL and headers. */
export interface SimPut {
  /** `<uploadId>/<partNumber>` or `single/<key>`. */
  readonly path: string
  readonly token: string
  readonly contentMd5: string | undefined
  /** By POST, which may overwrite. */
  readonly isForm: boolean
  readonly bytes: Uint8Array
}

export interface SimAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface SimPart {
  readonly bytes: Uint8Array
  readonly etag: string
}

/** An object store in memory with COS's answers; with CRC-64/NVME it returns checksums as S3 does. */
export class SimStore {
  readonly uploads = new Map<string, { readonly key: string; readonly parts: Map<number, SimPart> }>()
  readonly objects = new Map<string, Uint8Array>()
  /** All requests for whole objects, whatever the answer. */
  readonly puts: SimPut[] = []
  /** Expiry times of tokens; unix milliseconds. */
  readonly tokens = new Map<string, number>()
  readonly crc64Type: Crc64Type
  readonly #now: () => number
  #lastUploadId = 0

  /** @param now unix milliseconds of the store's clock */
  constructor(now: () => number, crc64Type: Crc64Type = 'crc64ecma') {
    this.#now = now
    this.crc64Type = crc64Type
  }

  /** Unsigned decimal. */
  crc64(bytes: Uint8Array): string {
    return crc64(bytes, this.crc64Type)
  }

  create(key: string): string {
    const uploadId = `upload-${++this.#lastUploadId}`
    this.uploads.set(uploadId, { key, parts: new Map() })
    return uploadId
  }

  /** Expires all tokens now. */
  expireTokens(): void {
    for (const token of this.tokens.keys()) this.tokens.set(token, this.#now())
  }

  put(put: SimPut): SimAnswer {
    const { path, token, bytes } = put
    const good = this.tokens.get(token)
    if (good === undefined) return this.#refusal(403, 'AccessDenied')
    if (good <= this.#now()) return this.#refusal(400, 'ExpiredToken')
    const [first = '', second = ''] = path.split('/')
    if (first === 'single') {
      this.puts.push(put)
      return this.#putObject(second, put)
    }
    const upload = this.uploads.get(first)
    if (upload === undefined) return this.#refusal(404, 'NoSuchUpload')
    const etag = hex(bytes, 'md5')
    upload.parts.set(Number(second), { bytes, etag })
    return this.#accepted(etag, bytes)
  }

  /** Joins all parts; `null` if there is no such upload. */
  complete(uploadId: string): { readonly crc64: string; readonly size: number } | null {
    const upload = this.uploads.get(uploadId)
    if (upload === undefined) return null
    const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part.bytes)
    const bytes = new Uint8Array(Buffer.concat(parts))
    this.objects.set(upload.key, bytes)
    this.uploads.delete(uploadId)
    return {
      crc64: combineAll(
        parts.map((part) => ({ crc64: this.crc64(part), size: part.length })),
        this.crc64Type,
      ),
      size: bytes.length,
    }
  }

  #putObject(key: string, { contentMd5, isForm, bytes }: SimPut): SimAnswer {
    if (!isForm && this.objects.has(key)) return this.#refusal(409, 'FileAlreadyExists')
    const etag = hex(bytes, 'md5')
    if (contentMd5 !== Buffer.from(etag, 'hex').toString('base64')) return this.#refusal(400, 'BadDigest')
    this.objects.set(key, bytes)
    return this.#accepted(etag, bytes)
  }

  #accepted(etag: string, bytes: Uint8Array): SimAnswer {
    return {
      status: 200,
      headers: { ...this.#date(), etag: `"${etag}"`, ...this.#checksum(bytes) },
      body: '',
    }
  }

  #checksum(bytes: Uint8Array): Record<string, string> {
    const decimal = this.crc64(bytes)
    if (this.crc64Type === 'crc64ecma') return { 'x-cos-hash-crc64ecma': decimal }
    const eight = Buffer.alloc(8)
    eight.writeBigUInt64BE(BigInt(decimal))
    return { 'x-amz-checksum-crc64nvme': eight.toString('base64') }
  }

  #refusal(status: number, code: string): SimAnswer {
    return { status, headers: this.#date(), body: errorXml(code) }
  }

  #date(): Record<string, string> {
    return { date: new Date(this.#now()).toUTCString() }
  }
}

export function errorXml(code: string): string {
  return `<?xml version='1.0' encoding='utf-8' ?><Error><Code>${code}</Code><Message>simulated</Message><RequestId>r1</RequestId></Error>`
}
