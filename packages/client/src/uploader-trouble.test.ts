import { describe, expect, it } from 'vitest'
import { faultsFor } from './testing/sim-faults.js'
import { SimFile } from './testing/sim-file.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { loaded, statesOf } from './testing/watching.js'

const partSize = 64

describe('trouble on the way', () => {
  it('never fails for a lost network: waits for hours, with few requests, and goes on by itself', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const { uploader, transport } = world.tab()
    const upload = uploader.upload(file)
    const states = statesOf(upload)
    await world.until(() => loaded(upload) >= 7 * partSize)
    world.nextFault = () => 'lost-before'
    const sent = transport.sent.length
    await world.clock.pass(6 * 3_600_000)
    expect(upload.snapshot).toMatchObject({ state: 'waiting', waitReason: 'network' })
    expect(transport.sent.length - sent).toBeLessThan(6 * 60 * 5)
    world.nextFault = () => null
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(states.slice(-4)).toEqual(['waiting/network', 'uploading', 'finishing', 'done'])
  })

  it.each(['lost-before', 'lost-after', 'hang', 'slow', 'duplicate', 'altered'] as const)(
    'never fails for a request that is %s',
    async (fault) => {
      const world = new SimWorld()
      const file = new SimFile(contentOf(20 * partSize))
      world.nextFault = faultsFor('put', [fault, fault, fault])
      const { result } = await world.upload(file)
      expect(world.holds(result.key, file.bytes)).toBe(true)
    },
  )

  it.each(['SlowDown', 'UserNetworkTooSlow', 'RequestTimeout'])(
    'halves the concurrency after %s',
    async (code) => {
      const world = new SimWorld({ latency: 2000 })
      const file = new SimFile(contentOf(200 * partSize))
      const { uploader, transport } = world.tab()
      const upload = uploader.upload(file)
      await world.until(() => transport.inFlight === 6)
      world.nextFault = faultsFor('put', [{ status: 503, code }])
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
    world.nextFault = ({ partNumber }) => (partNumber === 3 ? 'lost-before' : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(2000 * partSize)))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'network', retryable: true })
  })

  it.each([
    [503, 'SlowDown'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [400, 'UserNetworkTooSlow'],
  ])(
    'does not take it for the fault of a part when the store answers it %i %s often',
    async (status, code) => {
      const world = new SimWorld({ latency: 200 })
      const file = new SimFile(contentOf(2000 * partSize))
      world.nextFault = faultsFor('put', Array(12).fill({ status, code }), 3)
      const { result } = await world.upload(file)
      expect(world.holds(result.key, file.bytes)).toBe(true)
    },
  )

  it('does not take it for the fault of a part when a bad network fails others too', async () => {
    const world = new SimWorld({ latency: 200 })
    const file = new SimFile(contentOf(2000 * partSize))
    const unlucky = faultsFor('put', Array(12).fill('lost-before'), 3)
    let puts = 0
    world.nextFault = (request) =>
      unlucky(request) ?? (request.what === 'put' && puts++ % 3 === 0 ? 'lost-before' : null)
    const { result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it('never waits without end for the last part, refused for ever while the server answers', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    world.nextFault = ({ partNumber }) => (partNumber === 20 ? 'lost-before' : null)
    const upload = world.tab().uploader.upload(file)
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({
      code: 'network',
      retryable: true,
      message: expect.stringContaining('part 20') as unknown,
    })
    world.nextFault = () => null
    upload.resume()
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it('waits for hours for the network at the last part too', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(20 * partSize))
    const upload = world.tab().uploader.upload(file)
    world.nextFault = ({ partNumber }) => (partNumber === 20 ? 'lost-before' : null)
    await world.until(() => loaded(upload) === 19 * partSize)
    world.nextFault = () => 'lost-before'
    await world.clock.pass(6 * 3_600_000)
    expect(upload.snapshot).toMatchObject({ state: 'waiting', waitReason: 'network' })
    world.nextFault = () => null
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it('says upload-gone, and never "internal", of a store that loses every upload', async () => {
    const world = new SimWorld()
    world.nextFault = ({ what }) => (what === 'put' ? { status: 404, code: 'NoSuchUpload' } : null)
    const upload = world.tab().uploader.upload(new SimFile(contentOf(20 * partSize)))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'upload-gone', retryable: true })
  })

  it('gives up after an hour of a store that only answers errors, and tries again when told to', async () => {
    const world = new SimWorld()
    const file = new SimFile(contentOf(10 * partSize))
    world.nextFault = ({ what }) => (what === 'put' ? { status: 500, code: 'InternalError' } : null)
    const upload = world.tab().uploader.upload(file)
    const states = statesOf(upload)
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({
      code: 'store-unavailable',
      retryable: true,
    })
    expect(states).toContain('waiting/service')
    world.nextFault = () => null
    upload.resume()
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })

  it('gives up as soon as the application wants, and waits for the network all the same', async () => {
    const world = new SimWorld()
    const { uploader } = world.tab({ retry: { giveUpAfter: 60_000, longestDelay: 5_000 } })
    world.nextFault = ({ what }) => (what === 'put' ? 'lost-before' : null)
    const upload = uploader.upload(new SimFile(contentOf(10 * partSize)))
    await world.clock.pass(3_600_000)
    expect(upload.snapshot.state).toBe('waiting')
    world.nextFault = ({ what }) => (what === 'put' ? { status: 500, code: 'InternalError' } : null)
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(world.clock.now()).toBeLessThan(3_600_000 + 120_000)
  })

  it.each([
    ['firstDelay', 0],
    ['longestDelay', 499],
    ['attemptsPerPart', 101],
    ['giveUpAfter', -1],
    ['giveUpAfter', NaN],
  ])('names the option retry.%s that is out of its range: %d', (name, value) => {
    expect(() => new SimWorld().tab({ retry: { [name]: value } })).toThrow(`Option retry.${name} `)
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
    world.nextFault = faultsFor(what, [fault, fault, fault])
    const { result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(world.store.objects.size).toBe(1)
  })

  it('never gives up while the store joins the parts for minutes', async () => {
    const world = new SimWorld({ joinTime: 300_000 })
    const { upload } = await world.upload(new SimFile(contentOf(10 * partSize)))
    expect(upload.snapshot.state).toBe('done')
    expect(world.clock.now()).toBeLessThan(330_000)
  })

  it('of a single PUT whose answer was lost only finishes', async () => {
    const world = new SimWorld({ largestSingle: 1000 })
    world.nextFault = faultsFor('put', ['lost-after'])
    const file = new SimFile(contentOf(100))
    const { result } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
  })
})
