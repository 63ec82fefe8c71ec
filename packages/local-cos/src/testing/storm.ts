import { createHash, randomInt } from 'node:crypto'
import { expect } from 'vitest'
import { childText } from '../xml.js'
import { testBytes, type Call, type Reply, type TestClient } from './client.js'
import { MultipartCalls } from './multipart.js'
import { listedVersions } from './versions.js'

/** A version of a key: its id, and the MD5 of its content or `marker`. Id `?`: no answer returned the id. */
interface Version {
  readonly id: string
  readonly md5: string
}

/** All versions of a key, the latest first. */
type State = readonly Version[]

const unknown = '?'
const marker = 'marker'
const keysOfLane = 6

/**
 * Changes keys of one bucket at random until the store is gone. Tracks the allowed states: every acknowledged
 * change, with or without each lane's one unanswered change.
 */
export class Storm {
  /** Number of acknowledged changes, by kind. */
  readonly acknowledged: Record<string, number> = {}
  readonly #bucket: string
  readonly #versioned: boolean
  readonly #states = new Map<string, readonly State[]>()
  /** Content of appended objects, by key. */
  readonly #appended = new Map<string, readonly Buffer[]>()
  /** MD5 by ETag, where the ETag is not the MD5. */
  readonly #digests = new Map<string, string>()

  constructor(bucket: string, versioned: boolean) {
    this.#bucket = bucket
    this.#versioned = versioned
  }

  /** Rejects when the connection breaks. Each lane has its own keys. */
  async run(client: TestClient, lane: number): Promise<never> {
    for (;;) {
      const key = `${lane}/${randomInt(keysOfLane)}`
      const kind = ['put', 'put', 'join', 'copy', 'append', 'delete', 'remove'][randomInt(7)]
      switch (kind) {
        case 'join':
          await this.#join(client, key)
          break
        case 'copy':
          await this.#copy(client, key, `${lane}/${randomInt(keysOfLane)}`)
          break
        case 'append':
          await this.#append(client, `${lane}/append`)
          break
        case 'delete':
          await this.#delete(client, key)
          break
        case 'remove':
          await this.#removeVersion(client, key)
          break
        default:
          await this.#put(client, key)
      }
    }
  }

  /** Checks the store against the allowed states. The state found becomes the only allowed one. */
  async check(client: TestClient): Promise<void> {
    const listed = new Map<string, Version[]>()
    for (const { key, id, isMarker, etag } of await listedVersions(client, {}, this.#bucket)) {
      const md5 = isMarker ? marker : await this.#md5Of(client, key, id, etag)
      listed.set(key, [...(listed.get(key) ?? []), { id, md5 }])
    }
    for (const [key, possible] of this.#states) {
      const found = listed.get(key) ?? []
      const fits = possible.some((state) => isSame(state, found))
      expect(fits, `${key} has ${JSON.stringify(found)}, not ${JSON.stringify(possible)}`).toBe(true)
      this.#states.set(key, [found])
    }
    for (const [key, possible] of this.#appended) {
      const { status, body } = await this.#call(client, 'GET', key)
      const content = status === 404 ? Buffer.alloc(0) : body
      expect(
        possible.some((expected) => expected.equals(content)),
        `${key}, appended`,
      ).toBe(true)
      this.#appended.set(key, [content])
    }
    for (const [key, versions] of listed) {
      if (this.#appended.has(key)) continue
      for (const { id, md5 } of versions) {
        if (md5 !== marker) expect([key, id, await this.#contentMd5(client, key, id)]).toEqual([key, id, md5])
      }
    }
  }

  async #put(client: TestClient, key: string): Promise<void> {
    const body = someBytes()
    await this.#change(
      'put',
      key,
      (before) => this.#stored(before, md5Of(body)),
      async () => idOf(await this.#call(client, 'PUT', key, { body })),
    )
  }

  async #join(client: TestClient, key: string): Promise<void> {
    const body = someBytes()
    const calls = new MultipartCalls(client, key, undefined, this.#bucket)
    const uploadId = await calls.initiate()
    const etag = String((await calls.put(uploadId, 1, body)).headers['etag'])
    await this.#change(
      'join',
      key,
      (before) => this.#stored(before, md5Of(body)),
      async () => {
        const reply = await calls.complete(uploadId, [etag])
        // If the answer was cut off within the leading spaces, it has no result.
        expect(childText(reply.xml, 'ETag')).toMatch(/-1"$/)
        return idOf(reply)
      },
    )
  }

  async #copy(client: TestClient, key: string, from: string): Promise<void> {
    const source = this.#stateOf(from)[0]
    if (source === undefined || source.md5 === marker || from === key) return
    const headers = { 'x-cos-copy-source': `${this.#bucket}.cos.ap-guangzhou.myqcloud.com/${from}` }
    await this.#change(
      'copy',
      key,
      (before) => this.#stored(before, source.md5),
      async () => {
        const reply = await this.#call(client, 'PUT', key, { headers })
        expect(reply.xml.name).toBe('CopyObjectResult')
        return idOf(reply)
      },
    )
  }

  async #append(client: TestClient, key: string): Promise<void> {
    const [content = Buffer.alloc(0)] = this.#appended.get(key) ?? []
    const body = someBytes()
    const longer = Buffer.concat([content, body])
    this.#appended.set(key, [content, longer])
    const query = { append: '', position: String(content.length) }
    const reply = await this.#call(client, 'POST', key, { query, body })
    expect([reply.status, reply.text]).toEqual([200, ''])
    this.#appended.set(key, [longer])
    this.#count('append')
  }

  async #delete(client: TestClient, key: string): Promise<void> {
    await this.#change(
      'delete',
      key,
      (before) => (this.#versioned ? [{ id: unknown, md5: marker }, ...before] : []),
      async () => idOf(await this.#call(client, 'DELETE', key)),
    )
  }

  async #removeVersion(client: TestClient, key: string): Promise<void> {
    const before = this.#stateOf(key)
    const chosen = before[randomInt(before.length + 1)]
    if (!this.#versioned || chosen === undefined) return
    await this.#change(
      'remove a version',
      key,
      () => before.filter((version) => version !== chosen),
      async () => {
        await this.#call(client, 'DELETE', key, { query: { versionId: chosen.id } })
        return unknown
      },
    )
  }

  /** Until the answer arrives, both states are allowed; the answer gives the id of a new version. */
  async #change(
    kind: string,
    key: string,
    plan: (before: State) => State,
    act: () => Promise<string>,
  ): Promise<void> {
    const before = this.#stateOf(key)
    const after = plan(before)
    this.#states.set(key, [before, after])
    const id = await act()
    this.#states.set(key, [after.map((version) => (version.id === unknown ? { ...version, id } : version))])
    this.#count(kind)
  }

  #stored(before: State, md5: string): State {
    return [{ id: unknown, md5 }, ...(this.#versioned ? before : [])]
  }

  #stateOf(key: string): State {
    return this.#states.get(key)?.[0] ?? []
  }

  #count(kind: string): void {
    this.acknowledged[kind] = (this.acknowledged[kind] ?? 0) + 1
  }

  async #md5Of(client: TestClient, key: string, id: string, etag: string): Promise<string> {
    if (!etag.includes('-')) return etag
    const known = this.#digests.get(etag) ?? (await this.#contentMd5(client, key, id))
    this.#digests.set(etag, known)
    return known
  }

  async #contentMd5(client: TestClient, key: string, id: string): Promise<string> {
    const reply = await this.#call(client, 'GET', key, id === '' ? {} : { query: { versionId: id } })
    return md5Of(reply.body)
  }

  async #call(
    client: TestClient,
    method: string,
    key: string,
    call: Omit<Call, 'method' | 'path'> = {},
  ): Promise<Reply> {
    const reply = await client.call({ method, path: `/${this.#bucket}/${key}`, ...call })
    expect([200, 204, ...(method === 'GET' ? [404] : [])]).toContain(reply.status)
    return reply
  }
}

function isSame(expected: State, found: State): boolean {
  return (
    expected.length === found.length &&
    expected.every(({ id, md5 }, index) => {
      const other = found[index]
      return other?.md5 === md5 && (id === unknown || id === other.id)
    })
  )
}

function idOf({ headers }: Reply): string {
  return String(headers['x-cos-version-id'] ?? '')
}

function someBytes(): Buffer {
  return testBytes(1 + randomInt(2_000), randomInt(2 ** 31))
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}
