import { createHash } from 'node:crypto'
import type { Call, ConformanceClient, Reply } from './conformance-client.js'

/** One statement about the protocol, and how it is tried. */
export interface Check {
  /** Unique; what is so when nothing differs. */
  readonly name: string
  /** Number of the page under cloud.tencent.com/document/product/; `null`: no document says, local-cos does so. */
  readonly document: string | null
  readonly run: (trial: Trial) => Promise<void>
}

/** Something that was not as it should be. */
export interface Difference {
  readonly what: string
  readonly expected: string
  readonly seen: string
}

/** A check cannot be tried: what it needs before did not work. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
}

/** One run of a check: its own folder of the bucket, and what differed. */
export class Trial {
  readonly client: ConformanceClient
  readonly bucket: string
  /** Begins every key of this trial. */
  readonly folder: string
  readonly #differences: Difference[] = []

  constructor(client: ConformanceClient, bucket: string, folder: string) {
    this.client = client
    this.bucket = bucket
    this.folder = folder
  }

  get differences(): readonly Difference[] {
    return this.#differences
  }

  /** Keys cannot leave the folder: every request about an object goes through here. */
  async object(method: string, key: string, rest: Omit<Call, 'method' | 'key'> = {}): Promise<Reply> {
    return this.client.call({ method, key: this.folder + key, ...rest })
  }

  /** Reads of the bucket; nothing here can change it. */
  async bucketGet(query: Readonly<Record<string, string>>): Promise<Reply> {
    return this.client.call({ method: 'GET', key: '', query })
  }

  /** Deletes objects of this trial in one request. */
  async deleteMany(keys: readonly string[], quiet: boolean): Promise<Reply> {
    const objects = keys.map((key) => `<Object><Key>${this.folder}${key}</Key></Object>`).join('')
    const body = `<Delete><Quiet>${String(quiet)}</Quiet>${objects}</Delete>`
    return this.client.call({
      method: 'POST',
      key: '',
      query: { delete: '' },
      headers: { 'content-type': 'application/xml', 'content-md5': md5Base64(body) },
      body,
    })
  }

  /** Stores what a check needs. @throws {@link CannotRun} */
  async given(
    key: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    return this.needs(`PUT ${key}`, await this.object('PUT', key, { body, headers }))
  }

  /** @throws {@link CannotRun} when it is no success. */
  needs(what: string, reply: Reply): Reply {
    if (reply.status >= 200 && reply.status < 300 && reply.code === '') return reply
    throw new CannotRun(`${what} answered ${describe(reply)}`)
  }

  is(what: string, seen: unknown, expected: unknown): void {
    if (text(seen) !== text(expected)) {
      this.#differences.push({ what, expected: text(expected), seen: text(seen) })
    }
  }

  matches(what: string, seen: string | undefined, pattern: RegExp): void {
    if (!pattern.test(seen ?? '')) {
      this.#differences.push({ what, expected: String(pattern), seen: text(seen) })
    }
  }

  /** Status, and code of the error. A HEAD has no body, so no code either. */
  answers(what: string, reply: Reply, status: number, code = ''): void {
    this.is(what, describe(reply), code === '' ? String(status) : `${status} ${code}`)
  }
}

function describe({ status, code }: Reply): string {
  return code === '' ? String(status) : `${status} ${code}`
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
}

export function md5Base64(body: string | Uint8Array): string {
  return createHash('md5').update(body).digest('base64')
}

export function md5Hex(body: string | Uint8Array): string {
  return createHash('md5').update(body).digest('hex')
}
