import type { Trial } from '../check.js'
import type { Reply } from '../conformance-client.js'

/** Minimum size of a part other than the last (436/14518). */
export const smallestPart = 1024 * 1024

export function partBytes(size: number, fill: number): Uint8Array {
  return new Uint8Array(size).fill(fill)
}

/** Number and ETag of a part, as in a complete request. */
export type Part = readonly [number: number, etag: string | undefined]

/** Requests for one multipart upload of a trial. */
export class Multipart {
  readonly #trial: Trial
  readonly #key: string
  #uploadId = ''

  constructor(trial: Trial, key = 'a') {
    this.#trial = trial
    this.#key = key
  }

  /** Starts an upload. @throws `CannotRun` */
  static async begun(trial: Trial, headers: Readonly<Record<string, string>> = {}): Promise<Multipart> {
    const upload = new Multipart(trial)
    await upload.begin(headers)
    return upload
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

  /** Uploads a part, which must succeed. @throws `CannotRun` */
  async stored(number: number, body: string | Uint8Array): Promise<Part> {
    const reply = this.#trial.needs(`part ${number}`, await this.part(number, body))
    return [number, reply.headers.etag]
  }

  async list(query: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#trial.object('GET', this.#key, { query: { uploadId: this.#uploadId, ...query } })
  }

  async abort(): Promise<Reply> {
    return this.#trial.object('DELETE', this.#key, { query: { uploadId: this.#uploadId } })
  }

  /** @param parts in the order to send. */
  async complete(parts: readonly Part[], headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
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

/** Starts an upload with a first part of minimum size and a last part of three bytes. @throws `CannotRun` */
export async function twoParts(
  trial: Trial,
): Promise<{ readonly upload: Multipart; readonly first: Part; readonly last: Part }> {
  const upload = await Multipart.begun(trial)
  const first = await upload.stored(1, partBytes(smallestPart, 1))
  return { upload, first, last: await upload.stored(2, 'end') }
}
