import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { FileSource, Hasher, PartTransport } from './ports.js'
import { SimServer } from './testing/sim-backend.js'
import { SimClock } from './testing/sim-clock.js'
import { noFaults } from './testing/sim-faults.js'
import { simLocks } from './testing/sim-locks.js'
import { SimStore } from './testing/sim-store.js'
import { volatileMemory } from './memory/resume-memory.js'
import { assembleUploader } from './uploader.js'
import type { Uploader } from './uploader-types.js'

interface Counted {
  readonly uploader: Uploader
  readonly clock: SimClock
  readonly server: SimServer
  hashes: number
  puts: number
}

/**
 * An uploader that counts what starts. Only the first `answered` PUTs end, and hashes end only if `hashed` is set.
 */
function counted(partSize: number, hashed: boolean, answered = 0): Counted {
  const clock = new SimClock()
  const store = new SimStore(() => clock.trueTime())
  const options = { partSize, lifetime: 1800, largestSingle: 0, mode: 'credentials', joinTime: 0 } as const
  const server = new SimServer(store, clock, options)
  const never = (): Promise<never> => new Promise(() => undefined)
  const hasher: Hasher = {
    hash: async () => {
      counts.hashes += 1
      return hashed ? { sha256: '0', md5: '00', crc64: '0', size: 0 } : never()
    },
    close: () => undefined,
  }
  const transport: PartTransport = {
    put: async ({ body: { size } }) => {
      const number = ++counts.puts
      if (number > answered) return never()
      await clock.sleep(20)
      const crc64 = `${number}0000000000000`
      const headers = { etag: `"${String(number).padStart(32, '0')}"`, 'x-cos-hash-crc64ecma': crc64 }
      return { status: 200, headers, body: '', digests: { size, crc64 } }
    },
    close: () => undefined,
  }
  const uploader = assembleUploader(
    {
      backend: server.over(() => noFaults, 20),
      transport,
      hasher,
      memory: volatileMemory(),
      locks: simLocks(),
      clock,
    },
    {},
    () => async () => ({ method: 'PUT', url: 'sim://store', headers: {} }),
  )
  const counts: Counted = { uploader, clock, server, hashes: 0, puts: 0 }
  return counts
}

/** A file of arbitrary size without content that counts its slices. */
class EndlessFile implements FileSource {
  readonly name = 'endless.bin'
  readonly type = ''
  readonly lastModified = null
  readonly size: number
  slices = 0

  constructor(size: number) {
    this.size = size
  }

  slice(start: number, end: number): Blob {
    this.slices += 1
    const blob = new Blob()
    Object.defineProperty(blob, 'size', { value: end - start })
    return blob
  }
}

/** Bytes on the heap after garbage collection. */
function heapInUse(): number {
  // Node exposes `gc` only to contexts created after the flag is set.
  setFlagsFromString('--expose-gc')
  runInNewContext('gc();')
  return process.memoryUsage().heapUsed
}

describe('limits', () => {
  it('5 TiB are at most ten thousand parts, and nothing is made of a part before its turn', async () => {
    const partSize = 550_000_000
    const { uploader, clock, server } = counted(partSize, true)
    const file = new EndlessFile(5 * 2 ** 40)
    const began = performance.now()
    const upload = uploader.upload(file)
    await clock.pass(10_000)
    // Printed and not asserted, because it depends on the load of the machine; it should be at most 50 ms.
    console.log(`5 TiB were planned, and sending had begun, in ${(performance.now() - began).toFixed(1)} ms`)
    expect(upload.snapshot.state).toBe('uploading')
    expect([...server.rows.values()][0]?.upload.partCount).toBe(Math.ceil(file.size / partSize))
    // The sixteen samples of its fingerprint, and a few slices for each part in flight.
    expect(file.slices).toBeLessThanOrEqual(16 + 6 * 4)
  })

  it('of 5 TiB nearly all acknowledged the client holds less than 16 MiB', async () => {
    const partSize = 550_000_000
    const { uploader, clock } = counted(partSize, true, 9_990)
    const before = heapInUse()
    const upload = uploader.upload(new EndlessFile(5 * 2 ** 40))
    await clock.pass(400_000)
    expect(upload.snapshot.progress.loaded).toBe(9_990 * partSize)
    const grown = heapInUse() - before
    expect(grown).toBeLessThan(16 * 2 ** 20)
  })

  it('of ten thousand queued files only a few are begun, and the list is told once', async () => {
    const world = counted(64, false)
    const lists: number[] = []
    world.uploader.on('change', (uploads) => lists.push(uploads.length))
    for (let index = 0; index < 10_000; index++) world.uploader.upload(new EndlessFile(1000 + index))
    await world.clock.pass(1_000)
    expect(lists).toEqual([10_000])
    expect(world.uploader.uploads).toBe(world.uploader.uploads)
    expect(world.hashes).toBeGreaterThanOrEqual(2)
    expect(world.hashes).toBeLessThanOrEqual(16)
    expect(world.puts).toBe(0)
  })
})
