import { describe, expect, it } from 'vitest'
import { KilledMidway } from './testing/killed-midway.js'
import { SimChannels } from './testing/sim-channel.js'
import { SimFile } from './testing/sim-file.js'
import { simLocks } from './testing/sim-locks.js'
import { contentOf, SimWorld } from './testing/sim-world.js'
import type { SimTab } from './testing/sim-world.js'
import { loaded } from './testing/watching.js'

const partSize = 64
const file = new SimFile(contentOf(60 * partSize))

/** Separate locks and a separate channel, as on another machine. */
const elsewhere = () => ({
  locks: simLocks(),
  channel: new SimChannels().open(),
  memory: new SimWorld().memory,
})

/** Bytes of the file that the page has sent. */
const sentBy = ({ transport }: SimTab): number =>
  transport.sent.reduce((sum, { bytes }) => sum + bytes.length / 2, 0)

describe('an upload that another machine finishes', () => {
  it.each([
    ['while this one sends, by credentials', 'credentials', false],
    ['while this one sends, by URLs', 'urls', false],
    ['while this one is paused', 'credentials', true],
  ] as const)('%s, is done here as well, and nothing is sent again', async (_, mode, isPaused) => {
    const world = new SimWorld({ partSize, mode, rate: 20 * partSize })
    const slow = world.tab({ ...elsewhere(), concurrency: 1 })
    const upload = slow.uploader.upload(file)
    await world.until(() => loaded(upload) >= 10 * partSize)
    if (isPaused) upload.pause()
    const other = world.tab(elsewhere())
    const result = await world.clock.run(other.uploader.upload(file).done)
    if (isPaused) upload.resume()
    expect(await world.clock.run(upload.done)).toMatchObject({ id: result.id, key: result.key })
    expect(world.store.objects.size).toBe(1)
    expect(world.server.rows.size).toBe(1)
    expect(sentBy(slow)).toBeLessThan(40 * partSize)
    expect(await world.clock.run(slow.uploader.unfinished())).toEqual([])
  })

  it('with other bytes under the same samples is not taken for this file', async () => {
    const size = 5 * 2 ** 20
    const mine = contentOf(size)
    const its = mine.slice()
    const gapEnd = Math.floor((size - 2 ** 18) / 15)
    its.fill(9, gapEnd - 100, gapEnd)
    const world = new SimWorld({ partSize: 2 ** 18, rate: 2 ** 20 })
    const slow = world.tab({ ...elsewhere(), concurrency: 1 })
    const upload = slow.uploader.upload(new SimFile(mine))
    await world.until(() => loaded(upload) > 0)
    upload.pause()
    const [row] = world.server.rows.values()
    if (row === undefined) throw new Error('Nothing is open.')
    row.upload = { ...row.upload, state: 'done', url: 'sim://other', crc64: world.store.crc64(its) }
    upload.resume()
    const { id, key } = await world.clock.run(upload.done)
    expect(id).not.toBe(row.upload.id)
    expect(world.holds(key, mine)).toBe(true)
  })

  it.each(['kept here', 'picked again'])('since it was listed, is done here as well: %s', async (how) => {
    const killed = new KilledMidway()
    await killed.kill()
    const { world } = killed
    const tab = killed.tab()
    const listed = await killed.listed(tab)
    const other = killed.tab(elsewhere())
    const result = await world.clock.run(other.uploader.upload(killed.file).done)
    const resumed = how === 'kept here' ? listed.resume() : listed.resume(killed.file)
    const upload = await world.clock.run(Promise.resolve(resumed))
    expect(await world.clock.run(upload.done)).toEqual({ ...result, verified: ['object-crc64', 'size'] })
    expect(world.store.objects.size).toBe(1)
    expect(world.server.rows.size).toBe(1)
    expect(tab.transport.sent).toEqual([])
  })

  it('since it was listed, with other bytes than those picked now, is not taken for them', async () => {
    const world = new SimWorld({ partSize: 2 ** 18, rate: 2 ** 20 })
    const its = new SimFile(contentOf(5 * 2 ** 20))
    const first = world.tab()
    const begun = first.uploader.upload(its)
    await world.until(() => loaded(begun) > 0)
    first.kill()
    const tab = world.tab()
    const [listed] = await world.clock.run(tab.uploader.unfinished())
    const { id } = await world.clock.run(world.tab(elsewhere()).uploader.upload(its).done)
    const mine = its.bytes.slice()
    const gapEnd = Math.floor((mine.length - 2 ** 18) / 15)
    mine.fill(9, gapEnd - 100, gapEnd)
    const upload = listed?.resume(new SimFile(mine))
    const result = await world.clock.run(Promise.resolve(upload?.done))
    expect(result?.id).not.toBe(id)
    expect(world.holds(result?.key ?? '', mine)).toBe(true)
  })
})
