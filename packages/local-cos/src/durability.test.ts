import { createHash, randomInt } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { childText } from './xml.js'
import { ChildStore, compileProgram } from './testing/child-store.js'
import { testBytes } from './testing/client.js'
import { MultipartCalls } from './testing/multipart.js'
import { bucket, temporaryDirectory } from './testing/store.js'

const mebibyte = 1024 * 1024
const md5 = (data: Uint8Array): string => createHash('md5').update(data).digest('hex')

/** Allowed states of each key: the last acknowledged content, or the one being written when the store was killed. */
class Expectations {
  /** Key to the MD5s of allowed contents; `''` stands for "no such object". */
  readonly objects = new Map<string, Set<string>>()
  /** Upload id to key and acknowledged parts, for uploads without a complete or abort request so far. */
  readonly uploads = new Map<string, { readonly key: string; readonly parts: Map<number, Buffer> }>()

  /** Changes a key; until the answer arrives, both the old and the new content are allowed. */
  async change(key: string, content: string, change: () => Promise<number>): Promise<void> {
    const before = this.objects.get(key) ?? new Set([''])
    this.objects.set(key, new Set([...before, content]))
    const status = await change()
    expect([200, 204]).toContain(status)
    this.objects.set(key, new Set([content]))
  }
}

/** Writes until the connection breaks. */
async function write(store: ChildStore, lane: number, round: number, expected: Expectations): Promise<void> {
  const { client } = store
  for (let turn = 0; ; turn++) {
    const seed = round * 1_000_000 + lane * 10_000 + turn
    const own = testBytes(randomInt(300_000), seed)
    const key = `${round}/${lane}/${turn}`
    await expected.change(
      key,
      md5(own),
      async () => (await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: own })).status,
    )
    const shared = testBytes(randomInt(100_000), seed + 1)
    const again = `overwritten by ${lane}`
    await expected.change(
      again,
      md5(shared),
      async () => (await client.call({ method: 'PUT', path: `/${bucket}/${again}`, body: shared })).status,
    )
    if (turn % 3 === 2) {
      await expected.change(
        key,
        '',
        async () => (await client.call({ method: 'DELETE', path: `/${bucket}/${key}` })).status,
      )
    }
    await writeParts(store, `${key} in parts`, seed, expected)
    await appendAndCopy(store, `appended by ${lane}`, seed, expected)
  }
}

/** Appends to an object, changes its tags, and copies another object over an existing one. */
async function appendAndCopy(
  { client }: ChildStore,
  key: string,
  seed: number,
  expected: Expectations,
): Promise<void> {
  const path = `/${bucket}/${key}`
  const before = await client.call({ method: 'GET', path })
  const content = before.status === 404 ? Buffer.alloc(0) : before.body
  const piece = testBytes(randomInt(200_000), seed + 5)
  const whole = Buffer.concat([content, piece])
  const query = { append: '', position: String(content.length) }
  await expected.change(
    key,
    md5(whole),
    async () => (await client.call({ method: 'POST', path, query, body: piece })).status,
  )
  const body = `<Tagging><TagSet><Tag><Key>seed</Key><Value>${seed}</Value></Tag></TagSet></Tagging>`
  await expected.change(
    key,
    md5(whole),
    async () => (await client.call({ method: 'PUT', path, query: { tagging: '' }, body })).status,
  )
  const source = `${key} and put`
  await expected.change(
    source,
    md5(piece),
    async () => (await client.call({ method: 'PUT', path: `/${bucket}/${source}`, body: piece })).status,
  )
  const headers = {
    'x-cos-copy-source': `${bucket}.cos.ap-guangzhou.myqcloud.com/${encodeURIComponent(source)}`,
  }
  const copy = `${key} and copied`
  await expected.change(copy, md5(piece), async () => {
    const reply = await client.call({ method: 'PUT', path: `/${bucket}/${copy}`, headers })
    expect(reply.xml.name).toBe('CopyObjectResult')
    return reply.status
  })
}

async function writeParts(
  store: ChildStore,
  key: string,
  seed: number,
  expected: Expectations,
): Promise<void> {
  const calls = new MultipartCalls(store.client, key)
  const uploadId = await calls.initiate()
  const parts = new Map<number, Buffer>()
  expected.uploads.set(uploadId, { key, parts })
  for (const partNumber of [1, 2, 3]) {
    const content = testBytes(partNumber < 3 ? mebibyte : 1000, seed + partNumber)
    const reply = await calls.put(uploadId, partNumber, content)
    expect(reply.headers.etag).toBe(`"${md5(content)}"`)
    parts.set(partNumber, content)
  }
  expected.uploads.delete(uploadId)
  const contents = [...parts.values()]
  await expected.change(
    key,
    md5(Buffer.concat(contents)),
    async () => (await calls.complete(uploadId, contents.map(md5))).status,
  )
}

async function verify(store: ChildStore, expected: Expectations): Promise<void> {
  const { client } = store
  for (const [key, allowed] of expected.objects) {
    const reply = await client.call({ method: 'GET', path: `/${bucket}/${key}` })
    const content = reply.status === 404 ? '' : md5(reply.body)
    expect([key, [...allowed].includes(content)]).toEqual([key, true])
    // The content found now is the only allowed one from here on.
    expected.objects.set(key, new Set([content]))
  }
  for (const [uploadId, { key, parts }] of expected.uploads) {
    const calls = new MultipartCalls(client, key)
    const listed = (await calls.list(uploadId)).xml.children.filter(({ name }) => name === 'Part')
    const etags = new Map(
      listed.map((part) => [Number(childText(part, 'PartNumber')), childText(part, 'ETag')]),
    )
    for (const [partNumber, content] of parts) {
      expect([uploadId, partNumber, etags.get(partNumber)]).toEqual([
        uploadId,
        partNumber,
        `"${md5(content)}"`,
      ])
    }
    const contents = [...parts.values()]
    if (contents.length > 0) {
      const complete = await calls.complete(uploadId, contents.map(md5))
      expect(complete.xml.name).toBe('CompleteMultipartUploadResult')
      expected.objects.set(key, new Set([md5(Buffer.concat(contents))]))
      const reply = await client.call({ method: 'GET', path: `/${bucket}/${key}` })
      expect(md5(reply.body)).toBe(md5(Buffer.concat(contents)))
    }
  }
  expected.uploads.clear()
}

const kills = 10

describe('a store that is killed', () => {
  it(
    'has every acknowledged part and object, whole, and nothing half-written',
    { timeout: 240_000 },
    async () => {
      const program = await compileProgram()
      const directory = await temporaryDirectory()
      const expected = new Expectations()
      for (let round = 0; round < kills; round++) {
        const store = await ChildStore.start(program, directory)
        await verify(store, expected)
        const lanes = Promise.allSettled([1, 2, 3].map(async (lane) => write(store, lane, round, expected)))
        await delay(randomInt(50, 600))
        await store.kill()
        for (const lane of await lanes) {
          // Each lane must have ended only because the connection broke.
          expect(lane.status === 'rejected' && String(lane.reason)).toMatch(
            /ECONNRESET|ECONNREFUSED|socket hang up|aborted|EPIPE/,
          )
        }
      }
      const store = await ChildStore.start(program, directory)
      await verify(store, expected)
      expect(expected.objects.size).toBeGreaterThan(kills)
      expect(await store.end()).toBe(0)
      expect(await readdir(join(directory, 'temporary'))).toEqual([])
    },
  )
})
