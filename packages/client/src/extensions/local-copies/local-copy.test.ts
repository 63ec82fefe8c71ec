import { describe, expect, it } from 'vitest'
import type { ResumeMemory } from '../../ports.js'
import { KilledMidway, partSize } from '../../testing/killed-midway.js'
import { SimFile } from '../../testing/sim-file.js'
import { SimCopyStorage } from '../../testing/sim-copy-storage.js'
import { contentOf, SimWorld } from '../../testing/sim-world.js'
import { loaded } from '../../testing/watching.js'

/** Index of the last block of {@link KilledMidway}'s file. */
const lastBlock = 39

describe('a kept copy', () => {
  it('finishes the upload of a killed tab without the file, and sends nothing twice', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    browser.file.remove()
    const tab = browser.tab()
    expect(await browser.listed(tab)).toMatchObject({ needs: 'nothing', paused: false, name: 'film.mp4' })
    const upload = await browser.resume(tab)
    const result = await browser.world.clock.run(upload.done)
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
    const before = browser.acknowledged()
    expect(tab.transport.sent.filter(({ path }) => before.has(path))).toEqual([])
  })

  it.each([
    ['half a part', partSize / 2],
    ['a part and a half', 1.5 * partSize],
    ['seven and a half', 7.5 * partSize],
  ])('is made of blocks that need not be parts: of %s', async (_, blockSize) => {
    const browser = new KilledMidway(undefined, {}, {}, blockSize)
    await browser.kill()
    browser.file.remove()
    for (let kills = 0; kills < 2; kills++) {
      const tab = browser.tab()
      expect(await browser.listed(tab)).toMatchObject({ needs: 'nothing' })
      const upload = await browser.resume(tab)
      const before = loaded(upload)
      await browser.world.until(() => loaded(upload) >= before + 5 * partSize)
      tab.kill()
      await browser.world.clock.pass(5_000)
    }
    const tab = browser.tab()
    const result = await browser.outcome(await browser.resume(tab))
    expect(result).toMatchObject({ size: browser.file.size })
    const [object] = browser.world.store.objects.values()
    expect(object).toEqual(browser.file.bytes)
    const before = browser.acknowledged()
    expect(tab.transport.sent.filter(({ path }) => before.has(path))).toEqual([])
    await browser.world.clock.pass(1_000)
    expect(browser.copyStorage.bytes).toBe(0)
  })

  it('spares a second reading: what was copied is not read again beside being sent', async () => {
    const browser = new KilledMidway()
    await browser.world.until(() => browser.copyStorage.isWhole)
    const begun = browser.first.transport.sent.length
    const result = await browser.outcome(browser.upload)
    expect(result).toMatchObject({ size: browser.file.size })
    const later = browser.first.transport.sent.slice(begun)
    expect(later.length).toBeGreaterThan(10)
    expect(later.every(({ digests }) => digests.length === 0)).toBe(true)
    expect(browser.first.transport.sent[0]?.digests).toEqual(['crc64ecma'])
  })

  it.each(['copied', 'copied and sent'])(
    'never makes an object of two states of a file that is edited unseen once it is %s',
    async (when) => {
      const browser = new KilledMidway(new SimFile(contentOf(40 * partSize)), { recheck: 'full' })
      const least = when === 'copied' ? 5 : 30
      await browser.world.until(
        () => browser.copyStorage.isWhole && loaded(browser.upload) > least * partSize,
      )
      browser.file.edit(contentOf(browser.file.size, 2), true)
      expect(await browser.outcome(browser.upload)).toMatchObject({ code: 'file-changed' })
      expect(browser.world.store.objects.size).toBe(0)
      expect((await browser.listed(browser.tab())).needs).toBe('file')
    },
  )

  it('is of what the file was, when that is edited after the kill', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    const bytes = browser.file.bytes
    browser.file.edit(contentOf(browser.file.size, 2))
    const upload = await browser.resume()
    const result = await browser.world.clock.run(upload.done)
    expect(browser.world.holds(result.key, bytes)).toBe(true)
  })

  it.each([
    ['not begun of what ends within five seconds', 12, 0],
    ['begun of what takes longer', 60, 1],
  ])('is %s', async (_, parts, least) => {
    const copyStorage = new SimCopyStorage()
    copyStorage.most = 100
    const world = new SimWorld({ partSize, grows: true, rate: 100 })
    const { result } = await world.upload(new SimFile(contentOf(parts * partSize)), { copyStorage })
    expect(world.holds(result.key, contentOf(parts * partSize))).toBe(true)
    const copied = 100 - copyStorage.most
    expect(copied).toBeGreaterThanOrEqual(least)
    if (least === 0) expect(copied).toBe(0)
  })

  it('counts as whole only once all that it leaves out is known as acknowledged', async () => {
    // Fast enough that some parts arrive before copying begins.
    const world = new SimWorld({ latency: 100 })
    const copyStorage = new SimCopyStorage()
    let isKilled = false
    const late: ResumeMemory = {
      get: (identity) => world.memory.get(identity),
      all: () => world.memory.all(),
      begin: (upload) => world.memory.begin(upload),
      addPart: async (...part) => {
        await world.clock.sleep(3_000)
        // A killed page never stores its pending writes.
        if (isKilled) await new Promise(() => undefined)
        await world.memory.addPart(...part)
      },
      delete: (identity) => world.memory.delete(identity),
    }
    const tab = world.tab({ copyStorage, memory: late })
    const upload = tab.uploader.upload(new SimFile(contentOf(400 * partSize)))
    await world.until(() => copyStorage.isWhole)
    expect(loaded(upload)).toBeGreaterThan(0)
    isKilled = true
    tab.kill()
    await world.clock.pass(5_000)
    const [unfinished] = await world.clock.run(world.tab({ copyStorage }).uploader.unfinished())
    expect(unfinished).toMatchObject({ needs: 'nothing' })
  })

  it('survives a second kill, and a third', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    for (let kills = 0; kills < 2; kills++) {
      const tab = browser.tab()
      const upload = await browser.resume(tab)
      const before = loaded(upload)
      await browser.world.until(() => loaded(upload) >= before + 14 * partSize)
      tab.kill()
      await browser.world.clock.pass(5_000)
    }
    const upload = await browser.resume()
    const result = await browser.world.clock.run(upload.done)
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
  })

  it('is freed part by part, and gone when the upload is done', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    expect(browser.copyStorage.bytes).toBeLessThan(browser.file.size)
    const upload = await browser.resume()
    await browser.world.clock.run(upload.done)
    await browser.world.clock.pass(1_000)
    expect(browser.copyStorage.bytes).toBe(0)
    expect(browser.copyStorage.held.size).toBe(0)
  })

  it('is gone when the upload is discarded or cancelled', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    await browser.world.clock.run((await browser.listed(browser.tab())).discard())
    expect(browser.copyStorage.bytes).toBe(0)

    const another = new KilledMidway()
    await another.world.until(() => another.copyStorage.isWhole)
    await another.world.clock.run(another.upload.cancel())
    await another.world.clock.pass(1_000)
    expect(another.copyStorage.bytes).toBe(0)
    expect(another.copyStorage.held.size).toBe(0)
  })

  it('grows while the upload is paused, and a paused upload stays so', async () => {
    const browser = new KilledMidway()
    await browser.world.until(() => loaded(browser.upload) >= 6 * partSize)
    browser.upload.pause()
    await browser.world.until(() => browser.copyStorage.isWhole)
    browser.first.kill()
    const tab = browser.tab()
    expect(await browser.listed(tab)).toMatchObject({ needs: 'nothing', paused: true })
    const upload = await browser.resume(tab)
    await browser.world.until(() => loaded(upload) > 10 * partSize)
    tab.kill()
    expect(await browser.listed(browser.tab())).toMatchObject({ needs: 'nothing', paused: false })
  })

  it('makes way when the same file is picked: it is one upload, and one object', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    const tab = browser.tab()
    const kept = await browser.resume(tab)
    await browser.world.until(() => kept.snapshot.state === 'uploading')
    const picked = tab.uploader.upload(new SimFile(browser.file.bytes))
    const result = await browser.world.clock.run(picked.done)
    expect(tab.uploader.uploads).toEqual([picked])
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
    expect(browser.world.store.objects.size).toBe(1)
    expect(tab.transport.sent.filter(({ path }) => browser.acknowledged().has(path))).toEqual([])
  })

  it('goes on in the tab that is left, with what the other had not sent', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    const one = browser.tab()
    const other = browser.tab()
    await browser.resume(one)
    const waiting = await browser.resume(other)
    await browser.world.until(() => waiting.snapshot.waitReason === 'other-tab')
    await browser.world.clock.pass(1_500)
    one.kill()
    const result = await browser.world.clock.run(waiting.done)
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
  })
})

describe('without a copy that can be used the file is asked for', () => {
  it('when it was killed before all was kept', async () => {
    const browser = new KilledMidway()
    browser.copyStorage.most = 5
    await browser.kill(() => browser.copyStorage.bytes > 0)
    expect((await browser.listed(browser.tab())).needs).toBe('file')
  })

  it('when the file was edited while it was copied, unseen', async () => {
    const browser = new KilledMidway()
    await browser.world.until(() => browser.copyStorage.bytes > 4 * partSize)
    const bytes = browser.file.bytes.slice()
    bytes[5 * partSize] = (bytes[5 * partSize] ?? 0) ^ 0xff
    bytes[30 * partSize] = (bytes[30 * partSize] ?? 0) ^ 0xff
    browser.file.edit(bytes, true)
    await browser.kill(() => browser.copyStorage.bytes === 0)
    expect((await browser.listed(browser.tab())).needs).toBe('file')
  })

  it('when there is no room; and when there is, it is kept', async () => {
    const browser = new KilledMidway()
    browser.copyStorage.left = 100
    await browser.kill(() => true)
    expect(browser.copyStorage.bytes).toBe(0)
    expect((await browser.listed(browser.tab())).needs).toBe('file')
  })

  it('when it is not to take so much', async () => {
    const browser = new KilledMidway(undefined, { copyLimit: 3 * partSize })
    await browser.kill(() => true)
    expect(browser.copyStorage.bytes).toBe(0)
  })

  it('when storage ran full midway; the upload itself does not mind', async () => {
    const browser = new KilledMidway()
    browser.copyStorage.full = true
    const result = await browser.world.clock.run(browser.upload.done)
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
    await browser.world.clock.pass(1_000)
    expect(browser.copyStorage.bytes).toBe(0)
  })

  it('when the browser refuses to store anything; the upload itself does not mind', async () => {
    const browser = new KilledMidway()
    browser.copyStorage.refused = true
    await browser.kill(() => true)
    const tab = browser.tab()
    expect((await browser.listed(tab)).needs).toBe('file')
    const result = await browser.world.clock.run(tab.uploader.upload(browser.file).done)
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
  })

  it('when the browser has cleared its storage', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    browser.copyStorage.held.clear()
    browser.copyStorage.kept.clear()
    expect((await browser.listed(browser.tab())).needs).toBe('file')
  })

  it('when a block is gone', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    for (const blocks of browser.copyStorage.kept.values()) blocks.delete(lastBlock)
    expect((await browser.listed(browser.tab())).needs).toBe('file')
  })
})

describe('a copy that is damaged never becomes an object, and the file is asked for', () => {
  it('where a crash has cut a block short', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    for (const blocks of browser.copyStorage.kept.values()) blocks.set(lastBlock, new Uint8Array(10))
    const tab = browser.tab()
    expect(await browser.outcome(await browser.resume(tab))).toMatchObject({ code: 'file-unreadable' })
    expect((await browser.listed(browser.tab())).needs).toBe('file')
  })

  it('where the disk has altered a block', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    for (const blocks of browser.copyStorage.kept.values()) blocks.set(lastBlock, new Uint8Array(partSize))
    const upload = await browser.resume()
    expect(await browser.outcome(upload)).toMatchObject({ code: 'file-unreadable', retryable: false })
    expect(browser.world.store.objects.size).toBe(0)
    const tab = browser.tab()
    expect((await browser.listed(tab)).needs).toBe('file')
    const result = await browser.world.clock.run(tab.uploader.upload(browser.file).done)
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
  })

  it('where the store has lost a part that was freed', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    for (const { parts } of browser.world.store.uploads.values()) parts.delete(1)
    expect(await browser.outcome(await browser.resume())).toMatchObject({ code: 'file-unreadable' })
    expect((await browser.listed(browser.tab())).needs).toBe('file')
  })
})

describe('what pages leave behind', () => {
  it('goes once the server has swept the upload', async () => {
    const browser = new KilledMidway()
    await browser.kill()
    for (const [identity, source] of browser.copyStorage.held) {
      browser.copyStorage.held.set(identity, {
        ...source,
        expiresAt: browser.world.clock.wallTime() + 7 * 24 * 3_600_000,
      })
    }
    for (const row of browser.world.server.rows.values()) row.upload = { ...row.upload, state: 'cancelled' }
    await browser.world.clock.run(browser.tab().uploader.unfinished())
    await browser.world.clock.pass(1_000)
    expect(browser.copyStorage.bytes).toBeGreaterThan(0)
    await browser.world.clock.pass(30 * 24 * 3_600_000)
    await browser.world.clock.run(browser.tab().uploader.unfinished())
    await browser.world.clock.pass(1_000)
    expect(browser.copyStorage.bytes).toBe(0)
  })

  it('goes when it belongs to nothing', async () => {
    const browser = new KilledMidway()
    browser.copyStorage.kept.set('1:4:beef', new Map([[1, new Uint8Array(4)]]))
    await browser.kill()
    await browser.world.clock.run(browser.tab().uploader.unfinished())
    await browser.world.clock.pass(1_000)
    expect([...browser.copyStorage.kept.keys()]).not.toContain('1:4:beef')
    expect(browser.copyStorage.bytes).toBeGreaterThan(0)
  })
})
