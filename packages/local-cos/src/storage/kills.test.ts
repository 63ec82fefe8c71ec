import { createHash, randomInt } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ChildStore, compileProgram } from '../testing/child-store.js'
import { testBytes, type TestClient } from '../testing/client.js'
import { listedObjects } from '../testing/listing.js'
import { recordedObjects } from '../testing/record-files.js'
import { bucket, temporaryDirectory } from '../testing/store.js'

const rounds = 8
const lanes = 4
const keysOfLane = 6

/** For each key what a listing may say: the content last acknowledged, and what was on its way; `null`: not listed. */
type Allowed = Map<string, Set<string | null>>

/** Puts and deletes the lane's keys at random until the connection breaks. */
async function storm(client: TestClient, lane: number, allowed: Allowed): Promise<void> {
  for (;;) {
    const key = `${lane}/${randomInt(keysOfLane)}`
    const body = testBytes(randomInt(2_000), randomInt(2 ** 31))
    const removes = randomInt(3) === 0
    const etag = createHash('md5').update(body).digest('hex')
    const after = removes ? null : `${key} ${etag} ${body.length}`
    allowed.set(key, new Set([...(allowed.get(key) ?? [null]), after]))
    const call = { method: removes ? 'DELETE' : 'PUT', path: `/${bucket}/${key}` }
    const { status } = await client.call(removes ? call : { ...call, body })
    expect([200, 204]).toContain(status)
    allowed.set(key, new Set([after]))
  }
}

async function holdListing(client: TestClient, directory: string, allowed: Allowed): Promise<void> {
  const listed = await listedObjects(client)
  expect([...listed].sort()).toEqual([...(await recordedObjects(directory))].sort())
  const byKey = new Map(listed.map((line) => [line.split(' ')[0], line]))
  for (const [key, lines] of allowed) {
    const line = byKey.get(key) ?? null
    expect([key, [...lines]]).toEqual([key, expect.arrayContaining([line])])
    // What is there now is what stays there.
    allowed.set(key, new Set([line]))
  }
}

it(
  'a store killed in a storm of puts and deletes lists what its records say and it had acknowledged',
  { timeout: 240_000 },
  async () => {
    const program = await compileProgram()
    const directory = await temporaryDirectory()
    const allowed: Allowed = new Map()
    for (let round = 0; round < rounds; round++) {
      const store = await ChildStore.start(program, directory)
      await holdListing(store.client, directory, allowed)
      const running = Promise.allSettled(
        Array.from({ length: lanes }, async (_, lane) => storm(store.client, lane, allowed)),
      )
      // Sometimes before the index is saved for the first time, sometimes after, sometimes in the middle.
      await delay(randomInt(100, 2_500))
      await store.kill()
      for (const lane of await running) {
        expect(lane.status === 'rejected' && String(lane.reason)).toMatch(
          /ECONNRESET|ECONNREFUSED|socket hang up|aborted|EPIPE/,
        )
      }
    }
    const store = await ChildStore.start(program, directory)
    await holdListing(store.client, directory, allowed)
    expect(await store.end()).toBe(0)
    // The kills came late enough for the index to be there.
    expect((await readdir(join(directory, 'buckets', bucket, 'index'))).length).toBeGreaterThan(1)
  },
)
