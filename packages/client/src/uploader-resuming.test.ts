import { describe, expect, it } from 'vitest'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { SlowHasher } from './testing/slow-hasher.js'
import { loaded } from './testing/watching.js'

const partSize = 64

describe('resuming', () => {
  it('never starts at 0 % again after the tab was killed: sends no acknowledged part twice', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => loaded(begun) >= 7 * partSize)
    first.kill()

    const { result, tab, upload } = await world.upload(new SimFile(file.bytes, 'renamed.mp4'))
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(7 * partSize)
    const before = new Set(
      first.transport.sent.filter((put) => put.acknowledgedAt !== null).map(({ path }) => path),
    )
    expect(tab.transport.sent.filter(({ path }) => before.has(path))).toEqual([])
  })

  it('verifies by MD5 what another machine has sent', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => loaded(begun) >= 7 * partSize)
    first.kill()
    for (const { identity } of await world.memory.all()) await world.memory.delete(identity)

    const { result, upload } = await world.upload(file)
    expect(result.verified).toContain('part-md5')
    expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(7 * partSize)
  })

  it('claims no checksum of parts where the store tells none, also of those that this browser remembers', async () => {
    const MiB = 2 ** 20
    const world = new SimWorld({ partSize: MiB, isReticent: true })
    // Smaller files would not be remembered.
    const file = new SimFile(contentOf(20 * MiB))
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => loaded(begun) >= 7 * MiB)
    first.kill()

    const { result, upload } = await world.upload(file)
    expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(7 * MiB)
    expect(result.verified).toEqual(['object-crc64', 'size'])
  })

  it('sends the first missing part before it has looked at those that are there', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => loaded(begun) >= 7 * partSize)
    first.kill()
    const second = world.tab({ hasher: new SlowHasher(world.clock, 1_000) })
    const upload = second.uploader.upload(file)
    await world.until(() => second.transport.sent.length > 0)
    expect(upload.snapshot.resumedBytes).toBe(0)
    await world.clock.run(upload.done)
    expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(7 * partSize)
  })

  it('of an edited file sends only the parts that differ', async () => {
    // Above 4 MiB the fingerprint covers only samples, so an edit between two of them does not change it.
    const size = 5 * 2 ** 20
    const world = new SimWorld({ partSize: 2 ** 18 })
    const bytes = contentOf(size)
    const first = world.tab()
    const begun = first.uploader.upload(new SimFile(bytes))
    await world.until(() => loaded(begun) >= 10 * 2 ** 18)
    first.kill()
    const edited = bytes.slice()
    const gap = Math.floor((size - 2 ** 18) / 15) - 10
    edited[gap] = (edited[gap] ?? 0) ^ 1
    const { result, tab } = await world.upload(new SimFile(edited))
    expect(world.holds(result.key, edited)).toBe(true)
    expect(tab.transport.sent.length).toBeLessThanOrEqual(20 - 10 + 1)
  })

  it('takes up a finish whose answer nobody heard', async () => {
    const world = new SimWorld({ joinTime: 60_000 })
    const file = new SimFile(contentOf(5 * partSize))
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => begun.snapshot.state === 'finishing')
    await world.clock.pass(500)
    first.kill()
    const { result, tab } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(tab.transport.sent).toEqual([])
    expect(world.store.objects.size).toBe(1)
  })

  it('of an unfinished upload wants the same file', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => loaded(begun) >= 7 * partSize)
    first.kill()

    const { uploader } = world.tab()
    const [unfinished] = await world.clock.run(uploader.unfinished())
    expect(unfinished).toMatchObject({ name: 'film.mp4', size: file.size, needs: 'file' })
    expect(unfinished?.storedBytes).toBeGreaterThanOrEqual(7 * partSize)
    const other = unfinished?.resume(new SimFile(contentOf(20 * partSize, 2), 'other.mp4'))
    await expect(world.clock.run(Promise.resolve(other?.done))).rejects.toMatchObject({
      code: 'file-changed',
      message: expect.stringContaining('"film.mp4"') as unknown,
    })
    const right = unfinished?.resume(file)
    await world.clock.run(Promise.resolve(right?.done))
    expect(await world.clock.run(uploader.unfinished())).toEqual([])
  })

  it('can be discarded instead', async () => {
    const world = new SimWorld()
    const first = world.tab()
    const begun = first.uploader.upload(new SimFile(contentOf(20 * partSize)))
    await world.until(() => loaded(begun) >= 7 * partSize)
    first.kill()
    const { uploader } = world.tab()
    const [unfinished] = await world.clock.run(uploader.unfinished())
    await world.clock.run(Promise.resolve(unfinished?.discard()))
    expect(world.store.uploads.size).toBe(0)
    expect(await world.memory.all()).toEqual([])
  })
})
