import { describe, expect, it } from 'vitest'
import { SimFile } from '../testing/sim-file.js'
import { SimKeeping } from '../testing/sim-keeping.js'
import { contentOf, SimWorld } from '../testing/sim-world.js'
import type { SimTab } from '../testing/sim-world.js'
import { loaded } from '../testing/watching.js'
import type { UnfinishedUpload } from '../uploader-types.js'

const partSize = 64
const parts = 40

/** A browser in which a file is half uploaded and kept whole when the tab is killed. */
async function killedMidway(file = new SimFile(contentOf(parts * partSize))): Promise<{
  readonly world: SimWorld
  readonly keeping: SimKeeping
  readonly file: SimFile
  readonly first: SimTab
}> {
  const keeping = new SimKeeping()
  const world = new SimWorld({ latency: 500 })
  const first = world.tab({ keeping })
  const upload = first.uploader.upload(file)
  await world.until(() => keeping.isWhole && loaded(upload) >= 10 * partSize)
  first.kill()
  await world.clock.pass(5_000)
  return { world, keeping, file, first }
}

async function listed(world: SimWorld, tab: SimTab): Promise<UnfinishedUpload> {
  const [unfinished, ...others] = await world.clock.run(tab.uploader.unfinished())
  if (unfinished === undefined || others.length > 0) throw new Error(`${others.length} others are listed.`)
  return unfinished
}

describe('a kept copy', () => {
  it('finishes the upload of a killed tab without the file, and sends nothing twice', async () => {
    const { world, keeping, file, first } = await killedMidway()
    file.remove()
    const tab = world.tab({ keeping })
    const unfinished = await listed(world, tab)
    expect(unfinished).toMatchObject({ needs: 'nothing', paused: false, name: 'film.mp4' })
    const upload = await world.clock.run(unfinished.resume())
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, file.bytes)).toBe(true)
    const before = new Set(first.transport.sent.filter((put) => put.acknowledged).map(({ path }) => path))
    expect(tab.transport.sent.filter(({ path }) => before.has(path))).toEqual([])
  })

  it('is freed part by part, and gone when the upload is done', async () => {
    const { world, keeping, file } = await killedMidway()
    expect(keeping.bytes).toBeLessThan(file.size)
    const tab = world.tab({ keeping })
    const upload = await world.clock.run((await listed(world, tab)).resume())
    await world.clock.run(upload.done)
    await world.clock.pass(1_000)
    expect(keeping.bytes).toBe(0)
    expect(keeping.held.size).toBe(0)
  })
})
