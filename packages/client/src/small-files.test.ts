import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hasher } from './ports.js'
import { SimChannels } from './testing/sim-channel.js'
import type { SimFault } from './testing/sim-faults.js'
import { SimFile } from './testing/sim-file.js'
import { simHasher } from './testing/sim-hasher.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import { TabBus } from './extensions/tabs/tab-bus.js'

const largestSingle = 1000

describe('a small file', () => {
  it('is read once by us, whatever is computed, and verified all the same', async () => {
    const world = new SimWorld({ largestSingle })
    const asked: (readonly string[])[] = []
    const hasher: Hasher = {
      ...simHasher,
      hash: (slices, digests, signal) => {
        asked.push(digests)
        return simHasher.hash(slices, digests, signal)
      },
    }
    const upload = world.tab({ hasher }).uploader.upload(new SimFile(contentOf(300)))
    const { verified } = await world.clock.run(upload.done)
    expect(asked).toEqual([['sha256', 'md5', 'crc64ecma']])
    expect(verified).toEqual(['object-crc64', 'part-crc64', 'size'])
  })

  it.each([
    ['fails', true],
    ['answers the new bytes', false],
  ])('that changes before it is sent is refused where reading it %s', async (_, failsWhenChanged) => {
    const world = new SimWorld({ largestSingle })
    const file = new SimFile(contentOf(300), 'note.txt', failsWhenChanged)
    const upload = world.tab().uploader.upload(file)
    await world.until(() => upload.snapshot.state === 'opening')
    file.edit(contentOf(300, 2))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
    expect(world.store.objects.size).toBe(0)
  })
})

describe('a form', () => {
  const forms = (world: SimWorld): readonly boolean[] => world.store.puts.map(({ isForm }) => isForm)

  it('brings a small file where pages send forms', async () => {
    const world = new SimWorld({ largestSingle })
    await world.upload(new SimFile(contentOf(300)))
    expect(forms(world)).toEqual([true])
    expect(forms(world).length).toBe(world.store.objects.size)
  })

  it.each([
    ['of which none was answered yet is followed by a PUT: its answer may be one that pages may not read', 1],
    ['after others that were answered is sent again: then it was the network', 2],
  ])('%s', async (_, count) => {
    const world = new SimWorld({ largestSingle })
    const { uploader } = world.tab()
    for (let n = 1; n < count; n++) await world.clock.run(uploader.upload(new SimFile(contentOf(n))).done)
    const left: SimFault[] = ['lost-after']
    world.nextFault = ({ what }) => (what === 'put' ? (left.shift() ?? null) : null)
    await world.clock.run(uploader.upload(new SimFile(contentOf(300))).done)
    expect(forms(world)).toEqual(count === 1 ? [true, false] : [true, true, true])
    expect(world.store.objects.size).toBe(count)
    await world.clock.run(uploader.upload(new SimFile(contentOf(301))).done)
    expect(forms(world).at(-1)).toBe(count > 1)
  })

  it('that a store does not know is followed by a PUT', async () => {
    const world = new SimWorld({ largestSingle })
    const left: SimFault[] = [{ status: 405, code: 'MethodNotAllowed' }]
    world.nextFault = ({ what }) => (what === 'put' ? (left.shift() ?? null) : null)
    const { result } = await world.upload(new SimFile(contentOf(300)))
    expect(result.verified).toContain('part-crc64')
    expect(forms(world)).toEqual([false])
  })

  it('is not asked for where the transport sends none', async () => {
    const world = new SimWorld({ largestSingle, sendsForms: false })
    await world.upload(new SimFile(contentOf(300)))
    expect(forms(world)).toEqual([false])
  })

  it('whose file changed is refused for its length', async () => {
    const world = new SimWorld({ largestSingle })
    const { uploader } = world.tab()
    await world.clock.run(uploader.upload(new SimFile(contentOf(1))).done)
    world.nextFault = ({ what }) => (what === 'put' ? { status: 400, code: 'EntityTooLarge' } : null)
    const file = new SimFile(contentOf(300), 'note.txt', false)
    const upload = uploader.upload(file)
    await world.until(() => upload.snapshot.state === 'opening')
    file.edit(contentOf(300, 2))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
  })
})

/** The faults of consecutive calls; `null` for a call that succeeds. */
const faults = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<SimFault>(
        'lost-before',
        'lost-after',
        'slow',
        'duplicate',
        { refusal: 'store-unavailable' },
        { refusal: 'internal', afterwards: true },
      ),
    },
  ),
  { maxLength: 80 },
)

describe('many small files', () => {
  it('become one object each, whatever happens to the calls that carry several of them', async () => {
    const script = fc.record({ faults, restartAt: fc.integer({ min: 0, max: 600 }), cancelled: fc.nat(29) })
    const check = async (
      scenario: typeof script extends fc.Arbitrary<infer T> ? T : never,
    ): Promise<void> => {
      const world = new SimWorld({ largestSingle })
      const left = [...scenario.faults]
      world.nextFault = () => left.shift() ?? null
      const files = Array.from({ length: 30 }, (_, index) => new SimFile(contentOf(50 + index, index)))
      const tab = world.tab()
      const uploads = files.map((file) => tab.uploader.upload(file))
      void world.clock.sleep(scenario.restartAt).then(async () => {
        world.server.restart(1_000)
        await uploads[scenario.cancelled]?.cancel().catch(() => undefined)
      })
      const ends = await world.clock.run(Promise.allSettled(uploads.map(({ done }) => done)))
      await world.clock.pass(60_000)
      const stored = ends.flatMap((end, index) => (end.status === 'fulfilled' ? [index] : []))
      expect(ends.length - stored.length).toBeLessThanOrEqual(1)
      const bytes = (content: Uint8Array): string => Buffer.from(content).toString('hex')
      const expected = stored.map((index) => bytes(files[index]?.bytes ?? new Uint8Array()))
      expect([...world.store.objects.values()].map(bytes).sort()).toEqual(expected.sort())
      expect(world.server.list({ state: 'open' }).uploads).toEqual([])
      expect(world.server.list({ state: 'done' }).uploads).toHaveLength(stored.length)
    }
    await fc.assert(fc.asyncProperty(script, check), { numRuns: 100, seed: 20261122 })
  }, 60_000)

  it('keep six requests busy while they are opened and completed', async () => {
    const world = new SimWorld({ largestSingle, latency: 100 })
    const { uploader, transport } = world.tab()
    const count = 120
    const done = Array.from(
      { length: count },
      (_, index) => uploader.upload(new SimFile(contentOf(50, index))).done,
    )
    await world.clock.run(Promise.all(done))
    expect(transport.mostInFlight).toBe(6)
    // One round trip to open the first, 120 PUTs six at a time, one to complete the last, and the pauses between
    // batches.
    expect(world.clock.now()).toBeLessThan(100 + (count / 6) * 100 + 100 + 300)
  })
})

it('tells other tabs of an upload once one of them has asked, and not before', async () => {
  const channels = new SimChannels()
  const mine = new TabBus(channels.open())
  const yours = new TabBus(channels.open())
  const status = { id: 'a', state: 'uploading', progress: progressOf(5) } as const
  const heard: unknown[] = []
  yours.watch('one', (said) => heard.push(said))
  mine.hold('one', { status: () => status, run: () => undefined })
  mine.say('one', status)
  await Promise.resolve()
  expect(heard).toEqual([])
  yours.ask('one', null)
  await new Promise((resolve) => setTimeout(resolve))
  mine.letGo('one', { ...status, state: 'failed' })
  await new Promise((resolve) => setTimeout(resolve))
  expect(heard).toEqual([status, { ...status, state: 'failed' }])
})

function progressOf(loaded: number) {
  return {
    loaded,
    sent: loaded,
    total: 10,
    percent: loaded * 10,
    speed: null,
    secondsLeft: null,
    givenUp: 0,
    lost: 0,
  }
}
