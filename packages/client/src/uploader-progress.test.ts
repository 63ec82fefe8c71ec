import { describe, expect, it } from 'vitest'
import type { Hasher } from './ports.js'
import { simHasher } from './testing/sim-hasher.js'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { loaded } from './testing/watching.js'

const partSize = 64

describe('progress', () => {
  it('never calls an upload done while the store joins its parts', async () => {
    const world = new SimWorld({ joinTime: 300_000 })
    const upload = world.tab().uploader.upload(new SimFile(contentOf(10 * partSize)))
    await world.until(() => world.store.objects.size === 1)
    await world.clock.pass(200_000)
    expect(upload.snapshot.state).toBe('finishing')
    await world.clock.run(upload.done)
  })

  it('never jumps back on pause', async () => {
    const world = new SimWorld()
    const upload = world.tab().uploader.upload(new SimFile(contentOf(20 * partSize)))
    await world.until(() => loaded(upload) >= 7 * partSize)
    const seen: number[] = [loaded(upload)]
    upload.on('change', ({ progress }) => seen.push(progress.loaded))
    upload.pause()
    await world.clock.pass(60_000)
    upload.resume()
    await world.clock.run(upload.done)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })

  it('shows the same snapshot as long as nothing has changed, and another one then', async () => {
    const world = new SimWorld()
    const upload = world.tab().uploader.upload(new SimFile(contentOf(20 * partSize)))
    const told: unknown[] = []
    upload.on('change', (snapshot) => {
      told.push(snapshot)
      expect(upload.snapshot).toBe(snapshot)
    })
    await world.until(() => loaded(upload) >= 7 * partSize)
    const before = upload.snapshot
    expect(upload.snapshot).toBe(before)
    await world.clock.run(upload.done)
    expect(upload.snapshot).not.toBe(before)
    expect(upload.snapshot).toBe(upload.snapshot)
    expect(new Set(told).size).toBe(told.length)
  })

  it('never reads a large file before its first byte goes', async () => {
    let hashed = 0
    const hasher: Hasher = {
      ...simHasher,
      hash: async (slices, digests, signal) => {
        const answer = await simHasher.hash(slices, digests, signal)
        hashed += answer.size
        return answer
      },
    }
    const world = new SimWorld({ partSize: 2 ** 20 })
    const { uploader, transport } = world.tab({ hasher })
    const upload = uploader.upload(new SimFile(new Uint8Array(9 * 2 ** 20)))
    await world.until(() => transport.sent.length > 0)
    expect(hashed).toBeLessThanOrEqual(4 * 2 ** 20)
    upload.pause()
  })
})
