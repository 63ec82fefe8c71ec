import { describe, expect, it } from 'vitest'
import { volatileMemory } from '../memory/resume-memory.js'
import { KilledMidway } from '../testing/killed-midway.js'
import { SimFile } from '../testing/sim-file.js'
import { contentOf, SimWorld } from '../testing/sim-world.js'
import { localCopies } from './local-copies/index.js'
import { pickQueue } from './queue/index.js'
import { tabs } from './tabs/index.js'

const partSize = 64
const bytes = contentOf(40 * partSize - 7)

/** A page without any extension: each page keeps only its own memory. */
const plain = () => ({ extensions: {}, memory: volatileMemory() })

describe('without extensions', () => {
  it('a file is uploaded and verified', async () => {
    const world = new SimWorld()
    const { result } = await world.upload(new SimFile(bytes), plain())
    expect(result.verified).toContain('object-crc64')
    expect(world.holds(result.key, bytes)).toBe(true)
  })

  it('a later page resumes after a pick, and sends no stored part again', async () => {
    const killed = new KilledMidway(new SimFile(bytes), plain())
    await killed.kill(() => true)
    const later = killed.tab(plain())
    expect((await killed.listed(later)).needs).toBe('file')
    const upload = later.uploader.upload(killed.file)
    const { key } = await killed.world.clock.run(upload.done)
    expect(killed.world.holds(key, bytes)).toBe(true)
    expect(upload.snapshot.resumedBytes).toBeGreaterThan(0)
    const again = later.transport.sent.filter(({ path }) => killed.acknowledged().has(path))
    expect(again).toEqual([])
  })

  it('a second tab waits until the first is done, shows nothing of it, and never writes into its upload', async () => {
    const world = new SimWorld({ latency: 200 })
    const [first, second] = [world.tab(plain()), world.tab(plain())]
    const file = new SimFile(bytes)
    const one = first.uploader.upload(file)
    await world.until(() => one.snapshot.progress.loaded >= 5 * partSize)
    const two = second.uploader.upload(file)
    await world.until(() => two.snapshot.waitReason === 'other-tab')
    expect(two.snapshot).not.toHaveProperty('otherTab')
    await world.clock.run(one.done)
    expect(second.transport.sent).toEqual([])
    const { key } = await world.clock.run(two.done)
    expect(key).not.toBe((await one.done).key)
    expect(world.holds(key, bytes)).toBe(true)
  })

  it('what waits for a tab is cancelled without touching the upload of that tab', async () => {
    const world = new SimWorld({ latency: 200 })
    const [first, second] = [world.tab(plain()), world.tab(plain())]
    const file = new SimFile(bytes)
    const one = first.uploader.upload(file)
    await world.until(() => one.snapshot.progress.loaded >= 5 * partSize)
    const two = second.uploader.upload(file)
    two.done.catch(() => undefined)
    await world.until(() => two.snapshot.waitReason === 'other-tab')
    await world.clock.run(two.cancel())
    expect(two.snapshot.state).toBe('cancelled')
    const { key } = await world.clock.run(one.done)
    expect(world.holds(key, bytes)).toBe(true)
  })

  it('no file is copied', async () => {
    const killed = new KilledMidway(new SimFile(bytes), plain())
    await killed.kill(() => true)
    expect([killed.copyStorage.held.size, killed.copyStorage.kept.size]).toEqual([0, 0])
  })
})

it.each([{ tabs }, { localCopies }, { pickQueue }])('each may be there alone: %o', async (extensions) => {
  const world = new SimWorld()
  const { result, upload } = await world.upload(new SimFile(bytes), { extensions })
  expect(upload.snapshot.state).toBe('done')
  expect(world.holds(result.key, bytes)).toBe(true)
})
