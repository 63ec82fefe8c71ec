import { describe, expect, it } from 'vitest'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { loaded, statesOf } from './testing/watching.js'

const partSize = 64

describe('a plain upload', () => {
  it.each(['credentials', 'urls'] as const)('stores the file, by %s', async (mode) => {
    const world = new SimWorld({ mode })
    const file = new SimFile(contentOf(10 * partSize + 7))
    const { result, upload } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(result.verified).toEqual(['object-crc64', 'part-crc64', 'size'])
    expect(upload.snapshot).toMatchObject({ state: 'done', progress: { percent: 100, loaded: file.size } })
  })

  it('goes through the states of its way, in order', async () => {
    const world = new SimWorld()
    const upload = world.tab().uploader.upload(new SimFile(contentOf(3 * partSize)))
    const states = statesOf(upload)
    await world.clock.run(upload.done)
    expect(states).toEqual(['waiting/queue', 'identifying', 'opening', 'uploading', 'finishing', 'done'])
  })

  it.each([0, 1, partSize])('sends a small file of %i bytes as one PUT', async (size) => {
    const world = new SimWorld({ largestSingle: 1000 })
    const file = new SimFile(contentOf(size))
    const { result, tab } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(tab.transport.sent.map(({ path }) => path)).toEqual([`single/${result.key}`])
  })

  it('sends thousands of parts, never more than six at once, nor more than 40 a second for long', async () => {
    const world = new SimWorld({ partSize: 8 })
    const file = new SimFile(contentOf(20_000))
    const { result, tab } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(tab.transport.sent.length).toBe(2_500)
    expect(tab.transport.mostInFlight).toBeLessThanOrEqual(6)
    expect(world.clock.now()).toBeGreaterThanOrEqual((2_500 - 6) * 25)
  })

  it('sends more parts at once while that gains something', async () => {
    const world = new SimWorld({ latency: 2000 })
    const { tab } = await world.upload(new SimFile(contentOf(100 * partSize)))
    expect(tab.transport.mostInFlight).toBe(6)
  })
})

describe('several files', () => {
  it('makes two objects of the same content picked twice', async () => {
    const world = new SimWorld()
    const { uploader } = world.tab()
    const bytes = contentOf(10 * partSize)
    const uploads = [uploader.upload(new SimFile(bytes)), uploader.upload(new SimFile(bytes, 'copy.mp4'))]
    const states = uploads.map(statesOf)
    const results = await world.clock.run(Promise.all(uploads.map(({ done }) => done)))
    expect(new Set(results.map(({ key }) => key)).size).toBe(2)
    expect(states[1]).toContain('waiting/same-file')
  })

  it('never lets two tabs send one file: the other waits until the first closes', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const [one, two] = [world.tab(), world.tab()]
    const first = one.uploader.upload(file)
    await world.until(() => loaded(first) >= 3 * partSize)
    const second = two.uploader.upload(file)
    await world.until(() => second.snapshot.waitReason === 'other-tab')
    expect(two.transport.sent).toEqual([])
    one.kill()
    const result = await world.clock.run(second.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(second.snapshot.resumedBytes).toBeGreaterThanOrEqual(3 * partSize)
  })

  it('never lets a small file wait for a large one', async () => {
    const world = new SimWorld({ largestSingle: 100, latency: 1000 })
    const { uploader } = world.tab()
    const large = uploader.upload(new SimFile(contentOf(1000 * partSize)))
    await world.until(() => loaded(large) >= 50 * partSize)
    const began = world.clock.now()
    const small = uploader.upload(new SimFile(contentOf(100, 3), 'note.txt'))
    await world.clock.run(small.done)
    expect(world.clock.now() - began).toBeLessThan(5000)
    expect(large.snapshot.state).toBe('uploading')
  })

  it('lists finished ones, and takes them off when told to', async () => {
    const world = new SimWorld()
    const { tab, upload, result } = await world.upload(new SimFile(contentOf(100)))
    const { uploads } = await world.clock.run(tab.uploader.finished())
    expect(uploads).toMatchObject([{ id: result.id, name: 'film.mp4', url: result.url }])
    tab.uploader.remove(upload)
    expect(tab.uploader.uploads).toEqual([])
  })
})
