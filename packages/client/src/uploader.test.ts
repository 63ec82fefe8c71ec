import { describe, expect, it } from 'vitest'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { showers } from './testing/sim-faults.js'
import { SimFile } from './testing/sim-file.js'
import type { Upload, UploadSnapshot } from './upload-types.js'

const partSize = 64

function loaded(upload: Upload): number {
  return upload.snapshot.progress.loaded
}

/** Every state that the upload goes through from now on, with the reason where it waits. */
function statesOf(upload: Upload): string[] {
  const label = ({ state, waitReason }: UploadSnapshot): string =>
    waitReason ? `${state}/${waitReason}` : state
  const states = [label(upload.snapshot)]
  upload.on('change', (snapshot) => {
    if (label(snapshot) !== states.at(-1)) states.push(label(snapshot))
  })
  return states
}

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

  it('sends ten thousand parts, never more than six at once, nor more than 40 a second', async () => {
    const world = new SimWorld({ partSize: 8 })
    const file = new SimFile(contentOf(80_000))
    const { result, tab } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(tab.transport.sent.length).toBe(10_000)
    expect(tab.transport.mostInFlight).toBeLessThanOrEqual(6)
    expect(world.clock.now()).toBeGreaterThanOrEqual(10_000 * 25)
  })

  it('uses more lanes while that gains something', async () => {
    const world = new SimWorld({ latency: 2000 })
    const { tab } = await world.upload(new SimFile(contentOf(100 * partSize)))
    expect(tab.transport.mostInFlight).toBe(6)
  })
})

describe('resuming', () => {
  it('sends no acknowledged part again after the tab was killed', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => loaded(begun) >= 7 * partSize)
    first.kill()

    const { result, tab, upload } = await world.upload(new SimFile(file.bytes, 'renamed.mp4'))
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(7 * partSize)
    const before = new Set(first.transport.sent.filter((put) => put.acknowledged).map(({ path }) => path))
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

  it('sends the first missing part before it has looked at those that are there', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => loaded(begun) >= 7 * partSize)
    first.kill()
    const second = world.tab()
    const upload = second.uploader.upload(file)
    const whenFirstSent: number[] = []
    upload.on('change', ({ progress }) => {
      if (second.transport.sent.length > 0) whenFirstSent.push(progress.loaded)
    })
    await world.clock.run(upload.done)
    expect(whenFirstSent[0]).toBeLessThan(file.size)
  })

  it('of an edited file sends only the parts that differ', async () => {
    // Above 4 MiB the identity samples; between two samples an edit does not show in it.
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

describe('pausing and cancelling', () => {
  it('sends nothing while paused, and goes on after', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const { uploader, transport } = world.tab()
    const upload = uploader.upload(file)
    await world.until(() => loaded(upload) >= 7 * partSize)
    upload.pause()
    const sent = transport.sent.length
    await world.clock.pass(3_600_000)
    expect(transport.sent.length).toBe(sent)
    expect(transport.inFlight).toBe(0)
    expect(upload.snapshot).toMatchObject({ state: 'paused', progress: { speed: null } })
    upload.resume()
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it.each(['identifying', 'opening', 'uploading', 'finishing'])(
    'can be paused and resumed while %s',
    async (state) => {
      const world = new SimWorld({ joinTime: 5000 })
      const file = new SimFile(contentOf(10 * partSize))
      const upload = world.tab().uploader.upload(file)
      const stop = upload.on('change', (snapshot) => {
        if (snapshot.state !== state) return
        stop()
        upload.pause()
      })
      await world.until(() => upload.snapshot.state === 'paused')
      upload.resume()
      const result = await world.clock.run(upload.done)
      expect(world.holds(result.key, file.bytes)).toBe(true)
      expect(world.store.objects.size).toBe(1)
    },
  )

  it.each(['identifying', 'opening', 'uploading'])(
    'leaves nothing behind when cancelled while %s',
    async (state) => {
      const world = new SimWorld()
      const { uploader } = world.tab()
      const upload = uploader.upload(new SimFile(contentOf(10 * partSize)))
      let cancelled: Promise<void> | undefined
      upload.on('change', (snapshot) => {
        if (snapshot.state === state) cancelled ??= upload.cancel()
      })
      await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'cancelled' })
      await world.clock.run(Promise.resolve(cancelled))
      expect(world.store.uploads.size).toBe(0)
      expect(world.server.list({ state: 'open' }).uploads).toEqual([])
      expect(await world.memory.all()).toEqual([])
      expect(upload.snapshot.state).toBe('cancelled')
    },
  )

  it('finds an upload whose opening answer was lost, to cancel it', async () => {
    const world = new SimWorld()
    world.weather = showers('open', ['lost-after'])
    const upload = world.tab().uploader.upload(new SimFile(contentOf(10 * partSize)))
    await world.until(() => world.server.rows.size === 1)
    await world.clock.run(upload.cancel())
    expect(world.server.list({ state: 'open' }).uploads).toEqual([])
    expect(world.server.rows.size).toBe(1)
  })

  it('says that it is done when the cancel comes too late', async () => {
    const world = new SimWorld({ joinTime: 10_000 })
    const upload = world.tab().uploader.upload(new SimFile(contentOf(3 * partSize)))
    await world.until(() => world.store.objects.size === 1)
    await world.clock.pass(11_000)
    await world.clock.run(upload.cancel())
    expect(upload.snapshot.state).toBe('done')
  })
})

describe('permission', () => {
  it('is renewed ahead of its end, once for all lanes', async () => {
    const world = new SimWorld({ lifetime: 60, latency: 3000 })
    const file = new SimFile(contentOf(200 * partSize))
    const renewals: number[] = []
    world.weather = ({ what }) => {
      if (what === 'renewAccess') renewals.push(world.clock.now())
      return null
    }
    const { result, tab } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(tab.transport.sent.every(({ acknowledged }) => acknowledged)).toBe(true)
    expect(renewals.length).toBeGreaterThanOrEqual(2)
    expect(renewals.length).toBeLessThanOrEqual(world.clock.now() / 40_000)
  })

  it.each(['ExpiredToken', 'AccessDenied', 'RequestTimeTooSkewed'])('is renewed after %s', async (code) => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(10 * partSize))
    world.weather = showers('put', [
      { status: 403, code },
      { status: 403, code },
    ])
    const { result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it('that is refused however new fails the upload, naming the store', async () => {
    const world = new SimWorld()
    world.weather = ({ what }) => (what === 'put' ? { status: 403, code: 'AccessDenied' } : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(10 * partSize)))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({
      code: 'store-denied',
      requestId: 'r1',
    })
  })

  it.each([-86_400_000, 86_400_000])(
    'lasts as long as it should with a clock that is %i ms wrong',
    async (skew) => {
      const world = new SimWorld({ lifetime: 600 })
      world.clock.skew = skew
      let renewals = 0
      world.weather = ({ what }) => {
        if (what === 'renewAccess') renewals += 1
        return null
      }
      const { result } = await world.upload(new SimFile(contentOf(20 * partSize)))
      expect(result.size).toBe(20 * partSize)
      expect(renewals).toBe(0)
    },
  )
})

describe('trouble on the way', () => {
  it('waits for the network for hours, with few requests, and goes on by itself', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const { uploader, transport } = world.tab()
    const upload = uploader.upload(file)
    const states = statesOf(upload)
    await world.until(() => loaded(upload) >= 7 * partSize)
    world.weather = () => 'lost-before'
    const sent = transport.sent.length
    await world.clock.pass(6 * 3_600_000)
    expect(upload.snapshot).toMatchObject({ state: 'waiting', waitReason: 'network' })
    expect(transport.sent.length - sent).toBeLessThan(6 * 60 * 5)
    world.weather = () => null
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(states.slice(-4)).toEqual(['waiting/network', 'uploading', 'finishing', 'done'])
  })

  it.each(['lost-before', 'lost-after', 'hang', 'altered'] as const)(
    'gets over a request that is %s',
    async (fault) => {
      const world = new SimWorld()
      const file = new SimFile(contentOf(20 * partSize))
      world.weather = showers('put', [fault, fault, fault])
      const { result } = await world.upload(file)
      expect(world.holds(result.key, file.bytes)).toBe(true)
    },
  )

  it.each(['SlowDown', 'UserNetworkTooSlow', 'RequestTimeout'])(
    'uses half the lanes after %s',
    async (code) => {
      const world = new SimWorld({ latency: 2000 })
      const file = new SimFile(contentOf(200 * partSize))
      const { uploader, transport } = world.tab()
      const upload = uploader.upload(file)
      await world.until(() => transport.inFlight === 6)
      world.weather = showers('put', [{ status: 503, code }])
      await world.until(() => transport.inFlight < 3)
      transport.mostInFlight = 0
      await world.clock.pass(10_000)
      expect(transport.mostInFlight).toBeLessThanOrEqual(3)
      await world.clock.run(upload.done)
    },
  )

  it('opens anew when the store has lost the upload', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const upload = world.tab().uploader.upload(file)
    await world.until(() => loaded(upload) >= 7 * partSize)
    world.store.uploads.clear()
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it('sends parts again that vanished from the store', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const upload = world.tab().uploader.upload(file)
    await world.until(() => loaded(upload) >= 17 * partSize)
    for (const { parts } of world.store.uploads.values()) parts.delete(3)
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it('gives up a part that alone is refused for ever', async () => {
    const world = new SimWorld({ latency: 200 })
    world.weather = ({ partNumber }) => (partNumber === 3 ? 'lost-before' : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(2000 * partSize)))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'network', retryable: true })
  })

  it('gives up after an hour of a store that only answers errors, and tries again when told to', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(10 * partSize))
    world.weather = ({ what }) => (what === 'put' ? { status: 500, code: 'InternalError' } : null)
    const upload = world.tab().uploader.upload(file)
    const states = statesOf(upload)
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({
      code: 'store-unavailable',
      retryable: true,
    })
    expect(states).toContain('waiting/service')
    world.weather = () => null
    upload.resume()
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it.each([
    ['open', 'lost-before'],
    ['open', 'lost-after'],
    ['complete', 'lost-before'],
    ['complete', 'lost-after'],
    ['complete', 'hang'],
    ['complete', { refusal: 'internal' }],
  ] as const)('asks %s again after %j', async (what, fault) => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(10 * partSize))
    world.weather = showers(what, [fault, fault, fault])
    const { result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(world.store.objects.size).toBe(1)
  })

  it('waits for a store that joins the parts for minutes', async () => {
    const world = new SimWorld({ joinTime: 300_000 })
    const { upload } = await world.upload(new SimFile(contentOf(10 * partSize)))
    expect(upload.snapshot.state).toBe('done')
    expect(world.clock.now()).toBeLessThan(330_000)
  })

  it('of a single PUT whose answer was lost only finishes', async () => {
    const world = new SimWorld({ largestSingle: 1000 })
    world.weather = showers('put', ['lost-after'])
    const file = new SimFile(contentOf(100))
    const { result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })
})

describe('a file that changes', () => {
  it('fails as file-changed where reading it fails', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize), 'film.mp4', true)
    const upload = world.tab().uploader.upload(file)
    await world.until(() => loaded(upload) >= 7 * partSize)
    file.edit(contentOf(20 * partSize, 2))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
    expect(world.store.objects.size).toBe(0)
  })

  it('fails as file-changed where reading it answers the new bytes', async () => {
    const size = 5 * 2 ** 20
    const world = new SimWorld({ partSize: 2 ** 18 })
    const file = new SimFile(contentOf(size))
    const upload = world.tab().uploader.upload(file)
    await world.until(() => loaded(upload) >= 10 * 2 ** 18)
    const edited = file.bytes.slice()
    edited.fill(9, Math.floor((size - 2 ** 18) / 15) - 100, Math.floor((size - 2 ** 18) / 15))
    file.edit(edited)
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
    expect(world.store.objects.size).toBe(0)
    // Picked again, it goes on with what is still true.
    const { result, tab } = await world.upload(new SimFile(edited))
    expect(world.holds(result.key, edited)).toBe(true)
    expect(tab.transport.sent.length).toBeLessThanOrEqual(2)
  })

  it('fails as file-unreadable when it is gone', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const upload = world.tab().uploader.upload(file)
    await world.until(() => loaded(upload) >= 7 * partSize)
    file.remove()
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-unreadable' })
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

  it('lets one tab upload and the other wait, until the first closes', async () => {
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
