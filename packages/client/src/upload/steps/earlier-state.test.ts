import { describe, expect, it } from 'vitest'
import { SimFile } from '../../testing/sim-file.js'
import { contentOf, SimWorld } from '../../testing/sim-world.js'
import type { SimTab } from '../../testing/sim-world.js'
import { faultsFor } from '../../testing/sim-faults.js'
import type { ResumeMemory } from '../../ports.js'
import { loaded, statesOf } from '../../testing/watching.js'
import type { UnfinishedUpload } from '../../unfinished-types.js'

const size = 5 * 2 ** 20
const partSize = 2 ** 18
const content = contentOf(size)
const newWorld = (): SimWorld => new SimWorld({ partSize })

/**
 * The end of a gap between two samples, where edits do not change the fingerprint.
 *
 * @param after index of the sample before it
 */
const gapEnd = (after: number): number => Math.floor(((after + 1) * (size - 2 ** 18)) / 15)

/** The content with other bytes in a gap between samples, and so the same fingerprint. */
function alike(after = 0): Uint8Array {
  const bytes = content.slice()
  bytes.fill(9, gapEnd(after) - 100, gapEnd(after))
  return bytes
}

/** Uploads `file` in a page that is killed when about ten parts are stored. */
async function stopped(world: SimWorld, file = new SimFile(content, 'first.bin')): Promise<void> {
  const tab = world.tab()
  const upload = tab.uploader.upload(file)
  await world.until(() => loaded(upload) >= 10 * partSize)
  tab.kill()
}

const names = async (world: SimWorld, tab: SimTab): Promise<readonly string[]> =>
  (await world.clock.run(tab.uploader.unfinished())).map(({ name }) => name)

const finished = async (world: SimWorld): Promise<ReadonlyMap<string, string>> =>
  new Map((await world.clock.run(world.tab().uploader.finished())).uploads.map(({ id, name }) => [id, name]))

async function only(world: SimWorld, tab: SimTab): Promise<UnfinishedUpload> {
  const [unfinished] = await world.clock.run(tab.uploader.unfinished())
  if (unfinished === undefined) throw new Error('Nothing is unfinished.')
  return unfinished
}

describe('two files of equal samples', () => {
  it('become two objects, each with its own name and bytes', async () => {
    const world = newWorld()
    await stopped(world)
    const other = await world.upload(new SimFile(alike(), 'second.bin'))
    expect(world.holds(other.result.key, alike())).toBe(true)
    expect(await names(world, other.tab)).toEqual(['first.bin'])
    const first = await world.upload(new SimFile(content, 'first.bin'))
    expect(world.holds(first.result.key, content)).toBe(true)
    expect(first.upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(10 * partSize)
    expect(await finished(world)).toEqual(
      new Map([
        [other.result.id, 'second.bin'],
        [first.result.id, 'first.bin'],
      ]),
    )
  })

  it('each go on where they were, though both are stopped', async () => {
    const world = newWorld()
    await stopped(world)
    await stopped(world, new SimFile(alike(), 'second.bin'))
    expect([...(await names(world, world.tab()))].sort()).toEqual(['first.bin', 'second.bin'])
    const second = await world.upload(new SimFile(alike(), 'second.bin'))
    expect(world.holds(second.result.key, alike())).toBe(true)
    expect(second.upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(10 * partSize)
    expect(await names(world, world.tab())).toEqual(['first.bin'])
  })

  it('are told apart, too, when one is picked for the row of the other', async () => {
    const world = newWorld()
    await stopped(world)
    const tab = world.tab()
    const { key } = await world.clock.run(
      (await only(world, tab)).resume(new SimFile(alike(), 'second.bin')).done,
    )
    expect(world.holds(key, alike())).toBe(true)
    expect(await names(world, world.tab())).toEqual(['first.bin'])
  })

  it('go on from the list, whatever the file is called now', async () => {
    const world = newWorld()
    await stopped(world)
    await stopped(world, new SimFile(alike(), 'second.bin'))
    const tab = world.tab()
    const listed = await world.clock.run(tab.uploader.unfinished())
    const second = listed.find(({ name }) => name === 'second.bin')
    const upload = second?.resume(new SimFile(alike(), 'third.bin'))
    const result = await world.clock.run(upload?.done ?? Promise.reject(new Error('It is not listed.')))
    expect(result.id).toBe(second?.id)
    expect(world.holds(result.key, alike())).toBe(true)
    expect((await finished(world)).get(result.id)).toBe('third.bin')
  })

  it('leave each other alone in two tabs', async () => {
    const world = newWorld()
    const one = world.tab()
    const first = one.uploader.upload(new SimFile(content, 'first.bin'))
    await world.until(() => loaded(first) >= 5 * partSize)
    const second = world.tab().uploader.upload(new SimFile(alike(), 'second.bin'))
    const third = world.tab().uploader.upload(new SimFile(alike(), 'third.bin'))
    await world.until(() => second.snapshot.state === 'waiting' && third.snapshot.state === 'waiting')
    await world.clock.run(third.cancel())
    expect(await world.clock.run(first.done.then(({ key }) => world.holds(key, content)))).toBe(true)
    expect(await world.clock.run(second.done.then(({ key }) => world.holds(key, alike())))).toBe(true)
  })

  it('leave the other one alone when one is cancelled', async () => {
    const world = newWorld()
    await stopped(world)
    const second = world.tab().uploader.upload(new SimFile(alike(), 'second.bin'))
    await world.until(() => second.snapshot.state === 'uploading')
    await world.clock.run(second.cancel())
    expect(await names(world, world.tab())).toEqual(['first.bin'])
  })

  it('that are small and wait for their PUT are two as well', async () => {
    const world = new SimWorld({ largestSingle: 8 * 2 ** 20, partSize })
    const row = (name: string, md5: string) => world.server.open({ identity: 'x', name, size, type: '', md5 })
    const ids = [row('a', 'A').upload.id, row('b', 'B').upload.id, row('a', 'A').upload.id]
    expect(new Set(ids).size).toBe(2)
  })
})

describe('a renamed copy', () => {
  it('goes on with what is stored, and has its new name at the end', async () => {
    const world = newWorld()
    await stopped(world)
    const { result, tab, upload } = await world.upload(new SimFile(content, 'renamed.bin'))
    expect(world.holds(result.key, content)).toBe(true)
    expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(10 * partSize)
    expect(await names(world, tab)).toEqual([])
    expect(await finished(world)).toEqual(new Map([[result.id, 'renamed.bin']]))
  })

  it('is an upload of its own where nothing is stored yet', async () => {
    const world = newWorld()
    const { identity } = (await only(world, await openedOnly(world))) satisfies UnfinishedUpload
    const { result, tab } = await world.upload(new SimFile(content, 'renamed.bin'))
    expect(world.server.rows.get(result.id)?.upload.identity).toMatch(`${identity}~`)
    expect(await names(world, tab)).toEqual(['first.bin'])
  })
})

/** Opens an upload without sending a part. */
async function openedOnly(world: SimWorld): Promise<SimTab> {
  const tab = world.tab()
  const upload = tab.uploader.upload(new SimFile(content, 'first.bin'))
  await world.until(() => upload.id !== null)
  tab.kill()
  return world.tab()
}

describe('an edited file of the same name', () => {
  it('keeps its upload and sends what changed', async () => {
    const world = newWorld()
    await stopped(world)
    const { result, tab } = await world.upload(new SimFile(alike(), 'first.bin'))
    expect(world.holds(result.key, alike())).toBe(true)
    expect(tab.transport.sent.length).toBeLessThanOrEqual(12)
    expect(await names(world, tab)).toEqual([])
  })
})

/** Larger than a single upload, which would not be remembered. */
const large = contentOf(9 * 2 ** 20)
const grown = new Uint8Array(Buffer.concat([large, contentOf(1000, 5)]))

describe('an edited file of the same name and another identity', () => {
  it.each(['grown', 'shrunk', 'edited where a sample is'])(
    '%s, keeps the parts that are equal',
    async (how) => {
      const world = newWorld()
      await stopped(world, new SimFile(large, 'first.bin'))
      const edited = large.slice(0, how === 'shrunk' ? -1000 : undefined)
      if (how === 'edited where a sample is') edited.fill(3, large.length - 10)
      const bytes = how === 'grown' ? grown : edited
      const { result, tab, upload } = await world.upload(new SimFile(bytes, 'first.bin'))
      expect(world.holds(result.key, bytes)).toBe(true)
      expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(10 * partSize)
      expect(await names(world, tab)).toEqual([])
      expect((await world.memory.all()).length).toBe(0)
    },
  )

  it('grown, goes on when it is picked for its row, on another machine as well', async () => {
    const world = newWorld()
    await stopped(world, new SimFile(large, 'first.bin'))
    const tab = world.tab({ memory: new SimWorld().memory })
    const upload = (await only(world, tab)).resume(new SimFile(grown, 'first.bin'))
    expect(world.holds((await world.clock.run(upload.done)).key, grown)).toBe(true)
    expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(10 * partSize)
    expect(await names(world, tab)).toEqual([])
  })

  it('is found without reading the parts of all that is remembered, and though the network fails for a while', async () => {
    const world = newWorld()
    await stopped(world, new SimFile(large, 'first.bin'))
    const memory: ResumeMemory = {
      ...world.memory,
      all: async (name) => {
        if (name !== 'first.bin') throw new Error('Nobody asks for all that is remembered.')
        return world.memory.all()
      },
    }
    world.nextFault = faultsFor('get', ['lost-before', 'lost-before', 'lost-before'])
    const upload = world.tab({ memory }).uploader.upload(new SimFile(grown, 'first.bin'))
    const states = statesOf(upload)
    expect(world.holds((await world.clock.run(upload.done)).key, grown)).toBe(true)
    expect(upload.snapshot.resumedBytes).toBeGreaterThanOrEqual(10 * partSize)
    expect(states.slice(0, 5)).toEqual([
      'waiting/queue',
      'identifying',
      'waiting/network',
      'identifying',
      'opening',
    ])
  })

  it('of which nothing is equal, is another file: the upload stays, and a pick for its row is refused', async () => {
    const world = newWorld()
    await stopped(world, new SimFile(large, 'first.bin'))
    const bytes = contentOf(large.length + 1000, 77)
    const tab = world.tab()
    const refused = (await only(world, tab)).resume(new SimFile(bytes, 'first.bin'))
    await expect(world.clock.run(refused.done)).rejects.toMatchObject({ code: 'file-changed' })
    const { result } = await world.upload(new SimFile(bytes, 'first.bin'))
    expect(world.holds(result.key, bytes)).toBe(true)
    expect(await names(world, world.tab())).toEqual(['first.bin'])
  })

  it.each(['running', 'paused'])('is its own upload while the other is %s in this page', async (how) => {
    const world = new SimWorld({ partSize, rate: 2 ** 18 })
    const { uploader } = world.tab()
    const first = uploader.upload(new SimFile(large, 'first.bin'))
    await world.until(() => loaded(first) >= partSize)
    if (how === 'paused') first.pause()
    const bytes = contentOf(large.length, 77)
    const second = uploader.upload(new SimFile(bytes, 'first.bin'))
    await world.until(() => second.snapshot.state === 'uploading')
    expect(first.snapshot.state).toBe(how === 'paused' ? 'paused' : 'uploading')
    expect(world.holds((await world.clock.run(second.done)).key, bytes)).toBe(true)
    if (how === 'paused') first.resume()
    expect(world.holds((await world.clock.run(first.done)).key, large)).toBe(true)
  })

  it('grown while it is uploaded, keeps what is equal once it is picked again', async () => {
    const world = newWorld()
    const file = new SimFile(large, 'first.bin', true)
    const tab = world.tab()
    const upload = tab.uploader.upload(file)
    await world.until(() => loaded(upload) >= 10 * partSize)
    file.edit(contentOf(1))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
    const again = tab.uploader.upload(new SimFile(grown, 'first.bin'))
    expect(world.holds((await world.clock.run(again.done)).key, grown)).toBe(true)
    expect(again.snapshot.resumedBytes).toBeGreaterThanOrEqual(10 * partSize)
    expect(await names(world, world.tab())).toEqual([])
  })
})
