import { describe, expect, it } from 'vitest'
import type { Duplicate, DuplicateChoice } from '../duplicate-types.js'
import { SimFile } from '../testing/sim-file.js'
import { faultsFor } from '../testing/sim-faults.js'
import { contentOf, SimWorld } from '../testing/sim-world.js'
import { SlowHasher } from '../testing/slow-hasher.js'
import { statesOf } from '../testing/watching.js'
import type { UploadResult } from '../upload-types.js'

const partSize = 64
const bytes = contentOf(10 * partSize - 7)
/** Above 4 MiB the fingerprint covers only samples, so an edit between two of them does not change it. */
const large = contentOf(5 * 2 ** 20)
const edited = large.slice()
edited.fill(9, 300_000, 300_100)

/** A world in which an upload of `content` is done. */
async function worldWith(
  content: Uint8Array,
  options: ConstructorParameters<typeof SimWorld>[0] = {},
): Promise<{ readonly world: SimWorld; readonly stored: UploadResult }> {
  const world = new SimWorld(options)
  const { result, tab } = await world.upload(new SimFile(content))
  tab.kill()
  return { world, stored: result }
}

/** Overrides of what the server has recorded of an object; fields that are left out stay unchanged. */
interface Recorded {
  readonly crc64?: string | null
  readonly etagsDigest?: string | null
}

/** An `onDuplicate` function that answers when the test says so. */
class Asked {
  readonly duplicates: Duplicate[] = []
  readonly withdrawn: Duplicate[] = []
  #answer: (choice: DuplicateChoice) => void = () => undefined

  readonly onDuplicate = (duplicate: Duplicate, signal: AbortSignal): Promise<DuplicateChoice> => {
    this.duplicates.push(duplicate)
    signal.addEventListener('abort', () => this.withdrawn.push(duplicate))
    return new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  answer(choice: DuplicateChoice): void {
    this.#answer(choice)
  }
}

describe('a file that is there already', () => {
  it('is answered with its object, and nothing is sent', async () => {
    const { world, stored } = await worldWith(bytes)
    const tab = world.tab({ onDuplicate: 'reuse' })
    const upload = tab.uploader.upload(new SimFile(bytes, 'renamed.mp4'))
    const states = statesOf(upload)
    const result = await world.clock.run(upload.done)
    expect(result).toEqual({
      ...stored,
      verified: ['object-crc64', 'part-md5', 'size'],
      reused: true,
    })
    expect(tab.transport.sent).toEqual([])
    expect(world.store.objects.size).toBe(1)
    expect(world.server.rows.size).toBe(1)
    expect(upload.id).toBe(stored.id)
    expect(upload.snapshot.progress.percent).toBe(100)
    expect(states.slice(-2)).toEqual(['finishing', 'done'])
  })

  it('is sent again by default, and nobody is asked', async () => {
    const { world, stored } = await worldWith(bytes)
    const { result } = await world.upload(new SimFile(bytes))
    expect(result.key).not.toBe(stored.key)
    expect(result).not.toHaveProperty('reused')
    expect(world.store.objects.size).toBe(2)
  })

  it('is shown by its MD5 when it went as one PUT, without being read again', async () => {
    const { world, stored } = await worldWith(bytes, { largestSingle: 1024 })
    const tab = world.tab({ onDuplicate: 'reuse', hasher: new SlowHasher(world.clock, 1e9) })
    const result = await world.clock.run(tab.uploader.upload(new SimFile(bytes)).done)
    expect(result).toMatchObject({ id: stored.id, verified: ['part-md5', 'size'], reused: true })
  })

  it.each([
    ['by both', {}, ['object-crc64', 'part-md5', 'size']],
    ["by the parts' MD5s where the store has no CRC-64", { crc64: null }, ['part-md5', 'size']],
    ['by the CRC-64 where ETags are no MD5s', { etagsDigest: null }, ['object-crc64', 'size']],
    ["not at all when the parts' MD5s differ", { etagsDigest: '00' }, null],
    ['not at all when the CRC-64 differs', { crc64: '1' }, null],
    ['not at all when nothing is on record', { crc64: null, etagsDigest: null }, null],
  ])('is shown %s', async (_, { crc64, etagsDigest }: Recorded, verified) => {
    const { world, stored } = await worldWith(bytes)
    const row = world.server.rows.get(stored.id)
    if (row === undefined) throw new Error('no such row')
    world.server.rows.set(stored.id, {
      ...row,
      upload: { ...row.upload, crc64: crc64 === undefined ? row.upload.crc64 : crc64 },
      etagsDigest: etagsDigest === undefined ? row.etagsDigest : etagsDigest,
    })
    const upload = world.tab({ onDuplicate: 'reuse' }).uploader.upload(new SimFile(bytes))
    const result = await world.clock.run(upload.done)
    if (verified === null) expect(result.id).not.toBe(stored.id)
    else expect(result).toMatchObject({ id: stored.id, verified, reused: true })
  })

  it('is asked about once, with what is there, and waits without keeping others from going on', async () => {
    const { world, stored } = await worldWith(bytes)
    const asked = new Asked()
    const { uploader } = world.tab({ onDuplicate: asked.onDuplicate, filesAtOnce: 1 })
    const upload = uploader.upload(new SimFile(bytes, 'again.mp4'))
    await world.until(() => asked.duplicates.length > 0)
    expect(upload.snapshot).toMatchObject({
      state: 'waiting',
      waitReason: 'choice',
      duplicate: { stored: { id: stored.id, name: 'film.mp4', url: stored.url }, compared: bytes.length },
    })
    expect(upload.id).toBeNull()
    expect(asked.duplicates).toMatchObject([{ file: { name: 'again.mp4' }, stored: { id: stored.id } }])
    const other = await world.clock.run(uploader.upload(new SimFile(contentOf(500, 2))).done)
    expect(other).not.toHaveProperty('reused')
    await world.clock.pass(3_600_000)
    asked.answer('reuse')
    expect(await world.clock.run(upload.done)).toMatchObject({ id: stored.id, reused: true })
    expect(upload.snapshot).not.toHaveProperty('duplicate')
    expect(asked.duplicates).toHaveLength(1)
  })

  it('is sent again when that is the answer', async () => {
    const { world, stored } = await worldWith(bytes)
    const asked = new Asked()
    const upload = world.tab().uploader.upload(new SimFile(bytes), { onDuplicate: asked.onDuplicate })
    await world.until(() => asked.duplicates.length > 0)
    asked.answer('copy')
    const result = await world.clock.run(upload.done)
    expect(result.key).not.toBe(stored.key)
    expect(world.holds(result.key, bytes)).toBe(true)
    expect(world.store.objects.size).toBe(2)
  })

  it('of two of them picked at once, the second finds what the first has stored', async () => {
    const world = new SimWorld()
    const { uploader, transport } = world.tab({ onDuplicate: 'reuse' })
    const uploads = [uploader.upload(new SimFile(bytes)), uploader.upload(new SimFile(bytes, 'copy.mp4'))]
    const [first, second] = await world.clock.run(Promise.all(uploads.map(({ done }) => done)))
    expect(second).toMatchObject({ id: first?.id, url: first?.url, reused: true })
    expect(transport.sent).toHaveLength(10)
  })
})

describe('who only seems to be there', () => {
  it('is uploaded, and nobody is asked: an identity is no proof', async () => {
    const { world, stored } = await worldWith(large, { partSize: 2 ** 18 })
    const asked = new Asked()
    const upload = world.tab({ onDuplicate: asked.onDuplicate }).uploader.upload(new SimFile(edited))
    const result = await world.clock.run(upload.done)
    expect(asked.duplicates).toEqual([])
    expect(result.key).not.toBe(stored.key)
    expect(world.holds(result.key, edited)).toBe(true)
    expect(world.holds(stored.key, large)).toBe(true)
  })

  it('is not taken for the one of two that differs', async () => {
    const { world, stored } = await worldWith(large, { partSize: 2 ** 18 })
    const second = await world.upload(new SimFile(edited))
    second.tab.kill()
    const reuse = async (content: Uint8Array): Promise<UploadResult> => {
      const tab = world.tab({ onDuplicate: 'reuse' })
      return world.clock.run(tab.uploader.upload(new SimFile(content)).done)
    }
    expect(await reuse(large)).toMatchObject({ id: stored.id, reused: true })
    expect(await reuse(edited)).toMatchObject({ id: second.result.id, reused: true })
  })

  it('is uploaded when its object has vanished while the answer was awaited', async () => {
    const { world, stored } = await worldWith(bytes)
    const asked = new Asked()
    const upload = world.tab({ onDuplicate: asked.onDuplicate }).uploader.upload(new SimFile(bytes))
    await world.until(() => asked.duplicates.length > 0)
    world.store.objects.delete(stored.key)
    asked.answer('reuse')
    const result = await world.clock.run(upload.done)
    expect(result).not.toHaveProperty('reused')
    expect(world.holds(result.key, bytes)).toBe(true)
  })

  it('is uploaded when its object was replaced before', async () => {
    const { world, stored } = await worldWith(bytes)
    world.store.objects.set(stored.key, contentOf(bytes.length, 3))
    const result = await world.clock.run(
      world.tab({ onDuplicate: 'reuse' }).uploader.upload(new SimFile(bytes)).done,
    )
    expect(world.holds(result.key, bytes)).toBe(true)
  })

  it('goes on with an open upload of it without a question', async () => {
    const { world } = await worldWith(bytes)
    const first = world.tab()
    const begun = first.uploader.upload(new SimFile(bytes))
    await world.until(() => begun.snapshot.progress.loaded > 0)
    first.kill()
    const asked = new Asked()
    const upload = world.tab({ onDuplicate: asked.onDuplicate }).uploader.upload(new SimFile(bytes))
    await world.clock.run(upload.done)
    expect(asked.duplicates).toEqual([])
    expect(upload.snapshot.resumedBytes).toBeGreaterThan(0)
  })

  it('is uploaded where the server knows of no such question', async () => {
    const { world } = await worldWith(bytes)
    const backend = world.server.over(() => () => null, 20)
    delete backend.openUnlessDone
    const asked = new Asked()
    const upload = world.tab({ onDuplicate: asked.onDuplicate, backend }).uploader.upload(new SimFile(bytes))
    await world.clock.run(upload.done)
    expect(asked.duplicates).toEqual([])
    expect(world.store.objects.size).toBe(2)
  })
})

describe('while a file is compared', () => {
  const midway = async (onDuplicate: 'reuse' | Asked['onDuplicate'] = 'reuse') => {
    const { world, stored } = await worldWith(bytes)
    const hasher = new SlowHasher(world.clock, 1_000)
    const tab = world.tab({ hasher, onDuplicate, hashers: 1 })
    const file = new SimFile(bytes)
    const upload = tab.uploader.upload(file)
    const compared = (): number => upload.snapshot.duplicate?.compared ?? 0
    await world.until(() => compared() >= 2 * partSize)
    return { world, stored, hasher, tab, file, upload, compared }
  }

  it('shows how far it is, as bytes read', async () => {
    const { world, upload } = await midway()
    const seen: number[] = []
    upload.on('change', ({ duplicate }) => {
      if (duplicate !== undefined) seen.push(duplicate.compared)
    })
    expect(upload.snapshot).toMatchObject({ state: 'identifying', duplicate: { stored: null } })
    await world.clock.run(upload.done)
    expect(new Set(seen).size).toBeGreaterThan(2)
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen)
    expect(upload.snapshot.progress.loaded).toBe(bytes.length)
  })

  it('stops reading when it is paused, and begins anew when it goes on', async () => {
    const { world, stored, hasher, upload } = await midway()
    upload.pause()
    await world.clock.pass(10)
    expect(hasher.running).toBe(0)
    await world.clock.pass(60_000)
    expect(upload.snapshot.state).toBe('paused')
    expect(upload.snapshot).not.toHaveProperty('duplicate')
    upload.resume()
    expect(await world.clock.run(upload.done)).toMatchObject({ id: stored.id, reused: true })
  })

  it('stops reading when it is cancelled, opens nothing and leaves the object alone', async () => {
    const { world, stored, hasher, upload } = await midway()
    const cancelled = upload.cancel()
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'cancelled' })
    await world.clock.run(cancelled)
    expect(hasher.running).toBe(0)
    expect(world.server.rows.size).toBe(1)
    expect(world.holds(stored.key, bytes)).toBe(true)
    expect(await world.memory.all()).toEqual([])
  })

  it('leaves nothing behind when the tab is killed, and the next one finds it again', async () => {
    const { world, stored, tab } = await midway()
    tab.kill()
    expect(world.server.list({ state: 'open' }).uploads).toEqual([])
    const next = world.tab({ onDuplicate: 'reuse' }).uploader.upload(new SimFile(bytes))
    expect(await world.clock.run(next.done)).toMatchObject({ id: stored.id, reused: true })
  })

  it.each([
    ['where reading it fails', true],
    ['where reading it answers the new bytes', false],
  ])('fails as file-changed when it changes, %s', async (_, fails) => {
    const { world } = await worldWith(bytes)
    const hasher = new SlowHasher(world.clock, 1_000)
    const file = new SimFile(bytes, 'film.mp4', fails)
    const upload = world.tab({ hasher, onDuplicate: 'reuse' }).uploader.upload(file)
    await world.until(() => (upload.snapshot.duplicate?.compared ?? 0) >= 2 * partSize)
    const changed = bytes.slice()
    changed[5] = (changed[5] ?? 0) ^ 0xff
    file.edit(changed)
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
    expect(world.server.rows.size).toBe(1)
    // On retry the file has other content, and is uploaded.
    if (fails) return
    upload.resume()
    const result = await world.clock.run(upload.done)
    expect(world.holds(result.key, changed)).toBe(true)
  })

  it('sends other files meanwhile, and reads one file at a time', async () => {
    const world = new SimWorld()
    for (const seed of [1, 2, 3]) (await world.upload(new SimFile(contentOf(600, seed)))).tab.kill()
    const hasher = new SlowHasher(world.clock, 60_000)
    const { uploader } = world.tab({ hasher, onDuplicate: 'reuse', filesAtOnce: 1, hashers: 1 })
    const known = [1, 2, 3].map((seed) => uploader.upload(new SimFile(contentOf(600, seed))))
    const comparing = (): number => known.filter(({ snapshot }) => snapshot.duplicate !== undefined).length
    await world.until(() => comparing() === 1)
    const fresh = await world.clock.run(uploader.upload(new SimFile(contentOf(600, 4))).done)
    expect(fresh).not.toHaveProperty('reused')
    expect(comparing()).toBe(1)
    const results = await world.clock.run(Promise.all(known.map(({ done }) => done)))
    expect(results.every(({ reused }) => reused === true)).toBe(true)
    expect(hasher.most).toBeLessThanOrEqual(4)
  })
})

describe('while an answer is awaited', () => {
  const askedAbout = async () => {
    const { world, stored } = await worldWith(bytes)
    const asked = new Asked()
    const tab = world.tab({ onDuplicate: asked.onDuplicate })
    const file = new SimFile(bytes)
    const upload = tab.uploader.upload(file)
    await world.until(() => asked.duplicates.length > 0)
    return { world, stored, asked, tab, file, upload }
  }

  it('takes the question back with a pause, and asks again when it goes on', async () => {
    const { world, stored, asked, upload } = await askedAbout()
    upload.pause()
    expect(asked.withdrawn).toHaveLength(1)
    asked.answer('copy')
    await world.clock.pass(1_000)
    expect(upload.snapshot.state).toBe('paused')
    upload.resume()
    await world.until(() => asked.duplicates.length === 2)
    asked.answer('reuse')
    expect(await world.clock.run(upload.done)).toMatchObject({ id: stored.id, reused: true })
  })

  it('takes the question back with a cancel, and opens nothing', async () => {
    const { world, stored, asked, upload } = await askedAbout()
    await world.clock.run(upload.cancel())
    expect(asked.withdrawn).toHaveLength(1)
    expect(upload.snapshot.state).toBe('cancelled')
    expect(world.server.rows.size).toBe(1)
    expect(world.holds(stored.key, bytes)).toBe(true)
  })

  it('fails as file-changed when the file has changed before it is to be used', async () => {
    const { world, asked, file, upload } = await askedAbout()
    file.edit(contentOf(bytes.length, 4))
    asked.answer('reuse')
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'file-changed' })
  })

  it('asks the server until it answers whether the object is still there', async () => {
    const { world, stored, asked, upload } = await askedAbout()
    world.nextFault = faultsFor('openUnlessDone', [
      'lost-before',
      'lost-after',
      { refusal: 'store-unavailable' },
    ])
    asked.answer('reuse')
    expect(await world.clock.run(upload.done)).toMatchObject({ id: stored.id, reused: true })
  })

  it('another tab with the same file waits, and has the same answer', async () => {
    const { world, stored, asked } = await askedAbout()
    const tab = world.tab({ onDuplicate: asked.onDuplicate })
    const mirror = tab.uploader.upload(new SimFile(bytes))
    await world.until(() => mirror.snapshot.otherTab?.waitReason === 'choice')
    asked.answer('reuse')
    expect(await world.clock.run(mirror.done)).toMatchObject({ id: stored.id })
    expect(asked.duplicates).toHaveLength(1)
    expect(tab.transport.sent).toEqual([])
  })

  it('an answer that cannot be given fails the upload, and it can be tried again', async () => {
    const { world, stored } = await worldWith(bytes)
    let asked = 0
    const onDuplicate = (): DuplicateChoice => {
      asked += 1
      if (asked === 1) throw new Error('no dialog here')
      return 'reuse'
    }
    const upload = world.tab({ onDuplicate }).uploader.upload(new SimFile(bytes))
    await expect(world.clock.run(upload.done)).rejects.toMatchObject({ code: 'internal' })
    upload.resume()
    expect(await world.clock.run(upload.done)).toMatchObject({ id: stored.id, reused: true })
  })
})
