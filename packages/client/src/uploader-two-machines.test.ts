import { describe, expect, it } from 'vitest'
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
})
