import { afterEach, describe, expect, it, vi } from 'vitest'
import { KilledMidway } from '../testing/killed-midway.js'
import { SimChannels } from '../testing/sim-channel.js'
import { SimFile } from '../testing/sim-file.js'
import { simLocks } from '../testing/sim-locks.js'
import { contentOf, SimWorld } from '../testing/sim-world.js'
import type { SimTab } from '../testing/sim-world.js'
import { loaded } from '../testing/watching.js'

const partSize = 64
/** Number of parts in the first group, which never grow. */
const head = 4
const small = head + 44
const file = new SimFile(contentOf(small * partSize))

const acknowledged = ({ transport }: SimTab): Set<string> =>
  new Set(transport.sent.filter((put) => put.acknowledgedAt !== null).map(({ path }) => path))

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Separate locks and a separate channel, as on another machine. */
const elsewhere = () => ({ locks: simLocks(), channel: new SimChannels().open() })

describe('parts after the first ones', () => {
  it.each([
    ['by credentials', 'credentials'],
    ['by URLs', 'urls'],
  ] as const)('grow as the line shows what it carries, %s', async (_, mode) => {
    const world = new SimWorld({ partSize, grows: true, mode })
    const { result, tab } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    const sizes = tab.transport.sent.map(({ bytes }) => bytes.length / 2)
    expect(sizes.slice(0, head)).toEqual(Array.from({ length: head }, () => partSize))
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(4 * partSize)
    expect(sizes.length).toBeLessThan(small / 2)
  })

  it('are not decided by a speed that was measured over an hour without a network', async () => {
    const told: number[] = []
    vi.stubGlobal('localStorage', {
      getItem: () => null,
      setItem: (_: string, value: string) => told.push((JSON.parse(value) as { speed: number }).speed),
    })
    const large = new SimFile(contentOf(4_000 * partSize))
    const rate = 20 * partSize
    const world = new SimWorld({ partSize, grows: true, rate })
    const upload = world.tab().uploader.upload(large)
    await world.until(() => loaded(upload) > 3_000 * partSize)
    world.nextFault = () => 'lost-before'
    await world.clock.pass(3_600_000)
    world.nextFault = () => null
    const { key } = await world.clock.run(upload.done)
    expect(world.holds(key, large.bytes)).toBe(true)
    expect(Math.min(...told)).toBeGreaterThan(rate / 2)
  })

  it('are never larger than the application wishes', async () => {
    const world = new SimWorld({ partSize, grows: true })
    const { result, tab } = await world.upload(file, { partSize })
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(tab.transport.sent.length).toBe(small)
  })

  it('are told by the store to a machine that goes on, over whatever line', async () => {
    const world = new SimWorld({ partSize, grows: true })
    const first = world.tab()
    const begun = first.uploader.upload(file)
    await world.until(() => loaded(begun) > (head + 8) * partSize)
    first.kill()
    await world.clock.pass(1_000)
    for (const { identity } of await world.memory.all()) await world.memory.delete(identity)

    const { result, tab } = await world.upload(file)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    const before = acknowledged(first)
    expect(tab.transport.sent.filter(({ path }) => before.has(path))).toEqual([])
    const whole = await new SimWorld({ partSize, grows: true }).upload(file)
    expect(before.size + tab.transport.sent.length).toBeLessThanOrEqual(whole.tab.transport.sent.length + 6)
  })

  it('stay what they became when it is paused before any of them has arrived', async () => {
    const world = new SimWorld({ partSize, grows: true, latency: 100 })
    const tab = world.tab()
    const upload = tab.uploader.upload(file)
    const isBegun = (): boolean => tab.transport.sent.some(({ path }) => path.endsWith(`/${head + 1}`))
    await world.until(isBegun)
    upload.pause()
    for (const { parts } of world.store.uploads.values())
      for (const number of parts.keys()) if (number > head) parts.delete(number)
    await world.clock.pass(1_000)
    upload.resume()
    const { key } = await world.clock.run(upload.done)
    expect(world.holds(key, file.bytes)).toBe(true)
    const sizes = new Map<string, Set<number>>()
    for (const { path, bytes } of tab.transport.sent) {
      sizes.set(path, (sizes.get(path) ?? new Set()).add(bytes.length))
    }
    expect([...sizes.values()].every(({ size }) => size === 1)).toBe(true)
  })

  it('of two machines that decide otherwise at once end as one file', async () => {
    for (const head of [0, 50, 100, 150, 200, 250, 300]) {
      const world = new SimWorld({ partSize, grows: true, latency: 50 })
      const one = world.tab(elsewhere())
      // With its own `partSize`, the uploader decides no sizes: it divides the rest like the stored parts.
      const other = world.tab({ ...elsewhere(), partSize })
      const uploads = [one.uploader.upload(file)]
      await world.clock.pass(head)
      uploads.push(other.uploader.upload(file))
      const results = await world.clock.run(Promise.all(uploads.map((upload) => upload.done)))
      for (const { key } of results) expect(world.holds(key, file.bytes)).toBe(true)
      expect(new Set(results.map(({ key }) => key)).size).toBe(1)
      expect(world.store.objects.size).toBe(1)
      // If one machine divides the rest differently, the other sends it again, once.
      const sent = [one, other].flatMap(({ transport }) => transport.sent)
      expect(sent.reduce((sum, { bytes }) => sum + bytes.length / 2, 0)).toBeLessThan(4 * file.size)
      const open = world.server.list({ state: 'open' }).uploads
      expect(open).toEqual([])
    }
  })

  it('are what a copy for a later page is made of', async () => {
    const content = new SimFile(file.bytes)
    const browser = new KilledMidway(
      content,
      {},
      { partSize, grows: true, latency: 1_000, rate: partSize * 4 },
    )
    await browser.kill()
    content.remove()
    const tab = browser.tab()
    const upload = await browser.resume(tab)
    const { key } = await browser.world.clock.run(upload.done)
    expect(browser.world.holds(key, file.bytes)).toBe(true)
    const before = browser.acknowledged()
    expect(tab.transport.sent.filter(({ path }) => before.has(path))).toEqual([])
  })
})
