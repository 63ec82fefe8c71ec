import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { Crc64Hasher, type Crc64Type } from '@carryon/hash'
import { planParts, rangeOf } from '@carryon/protocol'
import { expectAnswer, expectArray, expectObject, expectThat, expectUpload, Finding } from './expect.js'
import type { Answer, CallOptions, Grant, Members, StoreAnswer, Subject } from './subject.js'

/** A file that the checks upload. */
export interface ContractFile {
  readonly name: string
  readonly identity: string
  readonly bytes: Uint8Array
  readonly type: string
}

/** An opened upload with the whole response. */
export interface Opened extends Grant {
  readonly id: string
  readonly status: number
  readonly answer: Members
  readonly parts: readonly Members[]
  readonly checksums: {
    readonly part: Crc64Type | null
    readonly object: Crc64Type | null
    readonly etagIsMd5: boolean
  }
}

/** State that the checks of one upload, from open to finished, pass on to later checks. */
export interface Memory {
  story?: { readonly file: ContractFile; readonly opened: Opened }
  /** ETag of the first part. */
  first?: string
  etags?: readonly string[]
  done?: Members
}

/** Helpers that the checks share. Records all uploads made, for removing them at the end. */
export class Kit {
  readonly subject: Subject
  readonly #made = new Map<string, { readonly as: 'other' | undefined; readonly key: string }>()
  /** Results of earlier checks for later ones. */
  readonly memory: Memory = {}

  constructor(subject: Subject) {
    this.subject = subject
  }

  /** A file with random content, so that the backend finds no upload of an earlier run for it. */
  file(size: number, name = 'contract.bin'): ContractFile {
    const key = randomBytes(16)
    const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16))
    const bytes = new Uint8Array(cipher.update(Buffer.alloc(size)))
    return { name, identity: `1:${size}:${key.toString('hex')}`, bytes, type: 'application/octet-stream' }
  }

  call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    return this.subject.call(method, path, options)
  }

  /** Opens a new or an existing upload. */
  async open(
    file: ContractFile,
    more: Members = {},
    as?: 'other',
    statuses: readonly number[] = [200, 201],
  ): Promise<Opened> {
    const { name, identity, type, bytes } = file
    const body = { identity, name, type, size: bytes.length, ...more }
    const answer = await this.call('POST', '/uploads', { body, ...(as && { as }) })
    return this.opened(answer, as, statuses)
  }

  opened(answer: Answer, as?: 'other', statuses: readonly number[] = [200, 201]): Opened {
    const asked = 'POST /uploads'
    const members = expectAnswer(answer, statuses, asked)
    const upload = expectUpload(members['upload'], `the answer to ${asked}`)
    const id = String(upload['id'])
    this.#made.set(id, { as, key: String(upload['key']) })
    const parts = expectArray(members['parts'], '"parts" in the answer to open').map((part) =>
      expectObject(part, 'a part'),
    )
    const access = expectObject(members['access'], '"access" in the answer to open')
    const checksums = expectObject(members['checksums'], '"checksums" in the answer to open')
    return {
      id,
      status: answer.status,
      answer: members,
      upload,
      access,
      parts,
      checksums: checksums as unknown as Opened['checksums'],
    }
  }

  /** Sends all parts, and renews the grant for parts without a URL. Returns the ETags in the order of the parts. */
  async sendAll(opened: Opened, file: ContractFile): Promise<readonly string[]> {
    const etags: string[] = []
    const count = planOf(opened, file).partCount
    for (let partNumber = 1; partNumber <= count; partNumber++) {
      const { etag } = await this.sendPart(opened, file, partNumber)
      etags.push(etag ?? '')
    }
    return etags
  }

  /** Sends one part, and verifies that the store accepted it and returned the right checksum. */
  async sendPart(opened: Opened, file: ContractFile, partNumber: number): Promise<StoreAnswer> {
    const { start, end } = rangeOf(planOf(opened, file), partNumber)
    const bytes = file.bytes.subarray(start, end)
    const answer = await this.subject.send(await this.#grantFor(opened, partNumber), partNumber, bytes)
    expectThat(
      answer.status === 200,
      `the store answered ${answer.status} to part ${partNumber}: ${answer.text.slice(0, 200)}`,
    )
    const { part, etagIsMd5 } = opened.checksums
    const expected = part === null ? null : await crc64Of(bytes, part)
    expectThat(
      answer.crc64 === null || expected === null || answer.crc64 === expected,
      `the store's ${part ?? ''} of part ${partNumber} is not that of its bytes`,
    )
    expectThat(
      !etagIsMd5 || answer.etag === md5Hex(bytes),
      `"checksums.etagIsMd5" is true, and the ETag of part ${partNumber} is not its MD5: ${answer.etag ?? 'none'}`,
    )
    return answer
  }

  async #grantFor(opened: Opened, partNumber: number): Promise<Grant> {
    const urls =
      opened.access['mode'] === 'urls' ? expectObject(opened.access['urls'], '"access.urls"') : null
    if (urls === null || typeof urls[String(partNumber)] === 'string') return opened
    const body = { partNumbers: [partNumber] }
    const answer = await this.call('POST', `/uploads/${opened.id}/access`, { body })
    const { access } = expectAnswer(answer, [200], 'POST /uploads/:id/access')
    return { upload: opened.upload, access: expectObject(access, '"access"') }
  }

  /** The complete request of a client that has stored the whole file. */
  async completeBody(opened: Opened, file: ContractFile, etags: readonly string[]): Promise<Members> {
    const { object } = opened.checksums
    const crc64 = object === null ? null : await crc64Of(file.bytes, object)
    const isSingle = opened.upload['mode'] === 'single'
    return { size: file.bytes.length, ...(crc64 !== null && { crc64 }), ...(!isSingle && { etags }) }
  }

  /** Calls complete until the store has joined the parts. */
  async complete(id: string, body: Members): Promise<Members> {
    const asked = 'POST /uploads/:id/complete'
    for (let tries = 0; tries < 60; tries++) {
      const answer = await this.call('POST', `/uploads/${id}/complete`, { body })
      const upload = expectUpload(expectAnswer(answer, [200, 202], asked)['upload'], `the answer to ${asked}`)
      if (upload['state'] === 'done') return upload
      expectThat(
        upload['state'] === 'completing',
        `${asked} answered ${answer.status} with the state "${String(upload['state'])}"; expected "done" or "completing"`,
      )
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
    throw new Finding(`${asked} answered "completing" for a minute`)
  }

  /** Uploads a small file in parts and completes it. */
  async finished(file: ContractFile, more: Members = {}): Promise<Members> {
    const opened = await this.open(file, more)
    const etags = await this.sendAll(opened, file)
    return this.complete(opened.id, await this.completeBody(opened, file, etags))
  }

  /** Cancels open uploads and removes finished ones. Returns the keys of finished objects that could not be removed. */
  async cleanUp(): Promise<readonly string[]> {
    const left: string[] = []
    for (const [id, { as, key }] of this.#made) {
      const options: CallOptions = as === undefined ? {} : { as }
      const cancelled = await this.call('DELETE', `/uploads/${id}`, options).catch(() => null)
      if (cancelled?.status !== 409) continue
      const removed = await this.call('DELETE', `/uploads/${id}/object`, options).catch(() => null)
      if (removed?.status !== 204) left.push(key)
    }
    return left
  }
}

/** The part plan that the backend chose for the file. */
export function planOf({ upload }: Pick<Opened, 'upload'>, { bytes }: ContractFile) {
  const size = Math.max(1, bytes.length)
  return planParts(bytes.length, upload['mode'] === 'single' ? size : Number(upload['partSize']))
}

/** CRC-64 of the bytes as an unsigned decimal number. */
export async function crc64Of(bytes: Uint8Array, type: Crc64Type): Promise<string> {
  const hasher = await Crc64Hasher.create(type)
  hasher.init()
  hasher.update(bytes)
  return hasher.digest()
}

export function md5Hex(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

export function md5Base64(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64')
}
