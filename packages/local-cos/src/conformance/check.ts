import { createHash } from 'node:crypto'
import type { Call, ConformanceClient, Reply } from './conformance-client.js'

/** A statement about the protocol and the code that checks it. */
export interface Check {
  /** Unique; the statement that holds if nothing differs. */
  readonly name: string
  /**
   * Number of the page under cloud.tencent.com/document/product/; `null` if the behaviour is undocumented and
   * local-cos defines it.
   */
  readonly document: string | null
  readonly run: (trial: Trial) => Promise<void>
}

/** A difference from the expected behaviour. */
export interface Difference {
  readonly what: string
  readonly expected: string
  readonly seen: string
}

/** A check cannot run because a request it depends on failed. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
}

/** One run of a check, with its own folder in the bucket, and the differences found. */
export class Trial {
  readonly client: ConformanceClient
  readonly bucket: string
  /** Prefix of every key in this trial. */
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

  /** Calls an object in the folder. All object requests go through here, so no key is outside the folder. */
  async object(method: string, key: string, rest: Omit<Call, 'method' | 'key'> = {}): Promise<Reply> {
    return this.client.call({ method, key: this.folder + key, ...rest })
  }

  /** Reads from the bucket; cannot change it. */
  async bucketGet(query: Readonly<Record<string, string>>): Promise<Reply> {
    return this.client.call({ method: 'GET', key: '', query })
  }

  /** Deletes several objects of this trial in one request. */
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

  /** Stores an object the check depends on. @throws {@link CannotRun} */
  async given(
    key: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    return this.needs(`PUT ${key}`, await this.object('PUT', key, { body, headers }))
  }

  /** @throws {@link CannotRun} if the reply is not a success. */
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

  /** Expects a status and error code. HEAD has no body, and therefore no code. */
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
