import { childText } from '../xml.js'
import type { Credentials, Reply, TestClient } from './client.js'
import { bucket } from './store.js'

/** Short forms of the multipart calls. */
export class MultipartCalls {
  readonly #client: TestClient
  readonly #path: string
  readonly #credentials: { readonly credentials?: Credentials }

  constructor(client: TestClient, key: string, credentials?: Credentials, inBucket = bucket) {
    this.#client = client
    this.#path = `/${inBucket}/${key}`
    this.#credentials = credentials === undefined ? {} : { credentials }
  }

  async initiate(headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const reply = await this.#call({ method: 'POST', query: { uploads: '' }, headers })
    return childText(reply.xml, 'UploadId') ?? ''
  }

  async put(uploadId: string, partNumber: number, body: Uint8Array): Promise<Reply> {
    return this.#call({ method: 'PUT', query: { partNumber: String(partNumber), uploadId }, body })
  }

  async list(uploadId: string, query: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#call({ method: 'GET', query: { uploadId, ...query } })
  }

  async complete(
    uploadId: string,
    etags: readonly string[],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    return this.completeNumbered(
      uploadId,
      etags.map((etag, index) => [index + 1, etag]),
      headers,
    )
  }

  async completeNumbered(
    uploadId: string,
    parts: readonly (readonly [partNumber: number, etag: string])[],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const list = parts.map(
      ([partNumber, etag]) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`,
    )
    const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
    return this.#call({ method: 'POST', query: { uploadId }, body, headers })
  }

  async abort(uploadId: string): Promise<Reply> {
    return this.#call({ method: 'DELETE', query: { uploadId } })
  }

  async #call(call: Omit<Parameters<TestClient['call']>[0], 'path'>): Promise<Reply> {
    return this.#client.call({ path: this.#path, ...this.#credentials, ...call })
  }
}
