import type { Trial } from '../check.js'
import type { Reply } from '../conformance-client.js'

/** The smallest that a part but the last may have (436/14518). */
export const smallestPart = 1024 * 1024

export function partBytes(size: number, fill: number): Uint8Array {
  return new Uint8Array(size).fill(fill)
}

/** Requests about one multipart upload of a trial. */
export class Multipart {
  readonly #trial: Trial
  readonly #key: string
  #uploadId = ''

  constructor(trial: Trial, key = 'a') {
    this.#trial = trial
    this.#key = key
  }

  get uploadId(): string {
    return this.#uploadId
  }

  /** @throws `CannotRun` */
  async begin(headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const reply = await this.#trial.object('POST', this.#key, { query: { uploads: '' }, headers })
    this.#trial.needs('InitiateMultipartUpload', reply)
    this.#uploadId = reply.text('UploadId')
    return reply
  }

  async part(number: number, body: string | Uint8Array): Promise<Reply> {
    const query = { partNumber: String(number), uploadId: this.#uploadId }
    return this.#trial.object('PUT', this.#key, { query, body })
  }

  async list(query: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#trial.object('GET', this.#key, { query: { uploadId: this.#uploadId, ...query } })
  }

  async abort(): Promise<Reply> {
    return this.#trial.object('DELETE', this.#key, { query: { uploadId: this.#uploadId } })
  }

  /** @param parts numbers and ETags, as they are to be sent. */
  async complete(
    parts: readonly (readonly [number: number, etag: string | undefined])[],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const list = parts
      .map(([number, etag = '']) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`)
      .join('')
    return this.#trial.object('POST', this.#key, {
      query: { uploadId: this.#uploadId },
      headers: { 'content-type': 'application/xml', ...headers },
      body: `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`,
    })
  }
}
