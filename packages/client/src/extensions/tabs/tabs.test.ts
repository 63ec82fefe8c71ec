import { describe, expect, it } from 'vitest'
import { contentOf, SimWorld } from '../../testing/sim-world.js'
import type { SimTab } from '../../testing/sim-world.js'
import { SimFile } from '../../testing/sim-file.js'
import type { Upload } from '../../upload-types.js'

const partSize = 64
const size = 40 * partSize

/** One file, picked in a first tab and, once that is sending, in a second. */
class TwoTabs {
  readonly world = new SimWorld({ latency: 200 })
  readonly file = new SimFile(contentOf(size))
  readonly first = this.world.tab()
  readonly second = this.world.tab()
  readonly one: Upload = this.first.uploader.upload(this.file)

  readonly pickAgain = async (): Promise<Upload> => {
    await this.world.until(() => loaded(this.one) >= 5 * partSize)
    const two = this.second.uploader.upload(this.file)
    await this.world.until(() => two.snapshot.otherTab !== undefined)
    return two
  }
}

function loaded(upload: Upload): number {
  return upload.snapshot.progress.loaded
}

function sent(...tabs: readonly SimTab[]): number {
  return tabs.reduce((sum, { transport }) => sum + transport.sent.length, 0)
}

describe('a second tab with the same file', () => {
  it('shows the progress of the first, live, and sends nothing', async () => {
    const { world, first, second, one, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    expect(two.snapshot).toMatchObject({
      state: 'waiting',
      waitReason: 'other-tab',
      otherTab: { state: 'uploading' },
    })
    expect(two.id).toBe(one.id)
    const shown = new Set<number>()
    two.on('change', (snapshot) => {
      if (snapshot.otherTab === undefined) return
      shown.add(snapshot.progress.loaded)
      expect(snapshot.progress.loaded).toBeLessThanOrEqual(loaded(one))
    })
    await world.clock.run(one.done)
    expect(shown.size).toBeGreaterThanOrEqual(3)
    expect(sent(second)).toBe(0)
    expect(sent(first)).toBe(40)
  })

  it('is done when the first is, with the same result and no second object', async () => {
    const { world, one, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    const results = await world.clock.run(Promise.all([one.done, two.done]))
    expect(results[1]).toEqual(results[0])
    expect(two.snapshot).toMatchObject({ state: 'done', progress: { loaded: size, percent: 100 } })
    expect(two.id).toBe(one.id)
    expect(world.store.objects.size).toBe(1)
    expect(world.server.rows.size).toBe(1)
  })

  it('uploads one of its own when the first has finished before', async () => {
    const { world, file, one, second } = new TwoTabs()
    await world.clock.run(one.done)
    const result = await world.clock.run(second.uploader.upload(file).done)
    expect(result.key).not.toBe((await one.done).key)
    expect(world.store.objects.size).toBe(2)
  })

  it('pauses and resumes the first', async () => {
    const { world, file, first, second, one, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    two.pause()
    await world.until(() => two.snapshot.otherTab?.state === 'paused')
    expect(one.snapshot.state).toBe('paused')
    const before = sent(first, second)
    await world.clock.pass(3_600_000)
    expect(sent(first, second)).toBe(before)
    two.resume()
    const result = await world.clock.run(two.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(world.store.objects.size).toBe(1)
  })

  it('cancels the first, and nothing is left', async () => {
    const { world, one, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    await world.clock.run(two.cancel())
    expect(two.snapshot.state).toBe('cancelled')
    expect(one.snapshot.state).toBe('cancelled')
    await expect(two.done).rejects.toMatchObject({ code: 'cancelled' })
    expect(world.store.uploads.size).toBe(0)
    expect(world.server.list({ state: 'open' }).uploads).toEqual([])
    expect(await world.memory.all()).toEqual([])
  })

  it('is cancelled with the first', async () => {
    const { world, one, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    await world.clock.run(one.cancel())
    await world.until(() => two.snapshot.state === 'cancelled')
    await world.clock.pass(60_000)
    expect(world.server.list({ state: 'open' }).uploads).toEqual([])
  })

  it('cancels at the server itself when the first is closed meanwhile', async () => {
    const { world, first, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    const cancelled = two.cancel()
    first.kill()
    await world.clock.run(cancelled)
    expect(two.snapshot.state).toBe('cancelled')
    expect(world.store.uploads.size).toBe(0)
    expect(world.server.list({ state: 'open' }).uploads).toEqual([])
  })

  it('takes over when the first is killed, and sends nothing acknowledged again', async () => {
    const { world, file, first, second, one, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    first.kill()
    const result = await world.clock.run(two.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    expect(result.id).toBe(one.id)
    expect(world.store.objects.size).toBe(1)
    const before = new Set(
      first.transport.sent.filter((put) => put.acknowledgedAt !== null).map(({ path }) => path),
    )
    expect(second.transport.sent.filter(({ path }) => before.has(path))).toEqual([])
  })

  it('takes over what was paused as paused, and goes on when told to', async () => {
    const { world, first, second, one, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    one.pause()
    await world.until(() => two.snapshot.otherTab?.state === 'paused')
    first.kill()
    await world.until(() => two.snapshot.state === 'paused')
    await world.clock.pass(60_000)
    expect(sent(second)).toBe(0)
    two.resume()
    await world.clock.run(two.done)
    expect(world.store.objects.size).toBe(1)
  })

  it('takes over when the first fails', async () => {
    const { world, one, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    world.nextFault = ({ what }) => (what === 'put' ? { status: 403, code: 'AccessDenied' } : null)
    await expect(world.clock.run(one.done)).rejects.toMatchObject({ code: 'store-denied' })
    world.nextFault = () => null
    await world.clock.run(two.done)
    expect(world.store.objects.size).toBe(1)
  })

  it('passes on to a third', async () => {
    const { world, file, first, second, pickAgain } = new TwoTabs()
    const two = await pickAgain()
    const three = world.tab().uploader.upload(file)
    await world.until(() => three.snapshot.otherTab !== undefined)
    first.kill()
    await world.until(() => two.snapshot.state === 'uploading')
    three.pause()
    await world.until(() => two.snapshot.state === 'paused')
    second.kill()
    await world.until(() => three.snapshot.state === 'paused')
    three.resume()
    await world.clock.run(three.done)
    expect(world.store.objects.size).toBe(1)
  })
})

it('that has other bytes where no sample is taken makes an object of its own', async () => {
  const large = 5 * 2 ** 20
  const world = new SimWorld({ partSize: 2 ** 18, latency: 200 })
  const bytes = contentOf(large)
  const edited = bytes.slice()
  const unsampled = Math.floor((large - 2 ** 18) / 15) - 100
  edited.fill(9, unsampled, unsampled + 100)
  const one = world.tab().uploader.upload(new SimFile(bytes))
  await world.until(() => loaded(one) > 0)
  const two = world.tab().uploader.upload(new SimFile(edited))
  await world.until(() => two.snapshot.otherTab !== undefined)
  const [first, second] = await world.clock.run(Promise.all([one.done, two.done]))
  expect(world.holds(first.key, bytes)).toBe(true)
  expect(world.holds(second.key, edited)).toBe(true)
})
