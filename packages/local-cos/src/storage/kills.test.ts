import { randomInt } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ChildStore, compileProgram } from '../testing/child-store.js'
import type { TestClient } from '../testing/client.js'
import { listedObjects } from '../testing/listing.js'
import { recordedObjects } from '../testing/record-files.js'
import { bucket, temporaryDirectory } from '../testing/store.js'
import { Storm } from '../testing/storm.js'
import { setVersioning } from '../testing/versions.js'

/** Number of rounds; set `LOCAL_COS_KILLS=100` for more. */
const rounds = Number(process.env['LOCAL_COS_KILLS'] ?? 8)
const millisecondsOfRound = 10_000
const lanes = 2
const versionedBucket = 'versions-1250000000'

async function holdListing(client: TestClient, directory: string): Promise<void> {
  const listed = await listedObjects(client)
  expect([...listed].sort()).toEqual([...(await recordedObjects(directory))].sort())
}

it(
  'a store killed in a storm of changes has what it had acknowledged, versions too, and lists what its records say',
  { timeout: 180_000 + rounds * millisecondsOfRound },
  async () => {
    const program = await compileProgram()
    const directory = await temporaryDirectory()
    const storms = [new Storm(bucket, false), new Storm(versionedBucket, true)]
    for (let round = 0; round < rounds; round++) {
      const store = await ChildStore.start(program, directory)
      if (round === 0) {
        await store.client.call({ method: 'PUT', path: `/${versionedBucket}` })
        await setVersioning(store.client, 'Enabled', versionedBucket)
      }
      await holdListing(store.client, directory)
      for (const storm of storms) await storm.check(store.client)
      const running = Promise.allSettled(
        storms.flatMap((storm) =>
          Array.from({ length: lanes }, async (_, lane) => storm.run(store.client, lane)),
        ),
      )
      // Sometimes before the first save of the index, sometimes during a save, sometimes after.
      await delay(randomInt(100, 2_500))
      await store.kill()
      for (const lane of await running) {
        expect(lane.status === 'rejected' && String(lane.reason)).toMatch(
          /ECONNRESET|ECONNREFUSED|socket hang up|aborted|EPIPE/,
        )
      }
    }
    const store = await ChildStore.start(program, directory)
    await holdListing(store.client, directory)
    for (const storm of storms) await storm.check(store.client)
    expect(await store.end()).toBe(0)
    // The kills must come late enough for index files to exist.
    expect((await readdir(join(directory, 'buckets', bucket, 'index'))).length).toBeGreaterThan(1)
    if (rounds > 8)
      console.log(JSON.stringify({ kills: rounds, acknowledged: storms.map((storm) => storm.acknowledged) }))
  },
)
