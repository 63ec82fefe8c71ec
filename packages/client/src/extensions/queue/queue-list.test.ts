import { describe, expect, it } from 'vitest'
import type { OnDuplicate } from '../../duplicate-types.js'
import { Queueing, queuedSize } from '../../testing/queueing.js'
import { noFaults } from '../../testing/sim-faults.js'
import { SimFile } from '../../testing/sim-file.js'
import { contentOf } from '../../testing/sim-world.js'

describe('a queued file', () => {
  it('that goes on in a later page and is cancelled there does not come back', async () => {
    const browser = new Queueing({ latency: 5_000 })
    const files = browser.files(6)
    await browser.leaveBehind(files)
    const again = browser.tab()
    const rows = (await browser.list(again)).filter(({ state }) => state === 'queued')
    const [copied, picked] = rows
    const source = files.find(({ name }) => name === picked?.name)
    if (copied === undefined || picked === undefined || source === undefined) throw new Error('two rows')
    const uploads = [await browser.world.clock.run(copied.resume()), picked.resume(source)]
    await browser.world.clock.run(Promise.all(uploads.map((upload) => upload.cancel())))
    for (const upload of uploads) again.uploader.remove(upload)
    const cancelled = [copied.name, picked.name]
    expect((await browser.list(again)).filter(({ name }) => cancelled.includes(name))).toEqual([])
    await browser.world.clock.pass(1_000)
    again.kill()
    await browser.world.clock.pass(2_000)
    const later = await browser.list(browser.tab())
    expect(later.map(({ name }) => name)).toContain('file-5.bin')
    expect(later.filter(({ name }) => cancelled.includes(name))).toEqual([])
  })

  it('that was opened in the moment of the kill is gone from the server, too, once it is cancelled', async () => {
    const browser = new Queueing({ largestSingle: 10_000 })
    const files = browser.files(3)
    const tab = browser.tab()
    browser.pick(tab, files)
    browser.world.nextFault = ({ what }) => (what === 'open' ? 'lost-after' : null)
    await browser.world.until(() => browser.world.server.list({ state: 'open' }).uploads.length > 0)
    tab.kill()
    browser.world.nextFault = noFaults
    await browser.world.clock.pass(2_000)
    const again = browser.tab()
    const rows = await browser.list(again)
    expect(rows.map(({ name, state }) => `${name} ${state}`)).toEqual(
      files.map(({ name }) => `${name} queued`),
    )
    const uploads = rows.map((row) =>
      row.resume(files.find(({ name }) => name === row.name) ?? new SimFile(contentOf(1))),
    )
    await browser.world.clock.run(Promise.all(uploads.map((upload) => upload.cancel())))
    await browser.world.clock.pass(6_000)
    expect(browser.world.server.list({ state: 'open' }).uploads).toEqual([])
    expect(await browser.list(again)).toEqual([])
  })

  it('that has ended meanwhile is not begun by a row of before', async () => {
    const browser = new Queueing({ latency: 5_000 })
    const tab = browser.tab()
    browser.pick(tab, browser.files(6))
    await browser.world.clock.pass(3_000)
    tab.kill()
    await browser.world.clock.pass(2_000)
    const again = browser.tab()
    const ready = (await browser.list(again)).filter(
      ({ state, needs }) => state === 'queued' && needs === 'nothing',
    )
    const [row] = ready
    if (row === undefined) throw new Error('a row')
    const copyOf = browser.picks.copyOf.bind(browser.picks)
    browser.picks.copyOf = async (key, file) => {
      const copy = await copyOf(key, file)
      await row.discard()
      return copy
    }
    await expect(browser.world.clock.run(row.resume())).rejects.toMatchObject({ code: 'cancelled' })
    await expect(browser.world.clock.run(row.resume())).rejects.toMatchObject({ code: 'cancelled' })
    expect(again.uploader.uploads).toEqual([])
  })

  it('is asked about when its content is stored already, by the question that is given for it', async () => {
    const browser = new Queueing({ latency: 5_000 })
    const files = browser.files(6)
    await browser.world.upload(new SimFile(contentOf(queuedSize + 5, 6), 'stored long ago.bin'))
    await browser.world.upload(new SimFile(contentOf(queuedSize + 4, 5), 'also.bin'))
    await browser.leaveBehind(files)
    const again = browser.tab()
    const rows = await browser.list(again)
    const [kept, picked] = ['file-5.bin', 'file-4.bin'].map((name) => rows.find((row) => row.name === name))
    if (kept === undefined || picked === undefined) throw new Error('two rows')
    const asked: string[] = []
    const onDuplicate: OnDuplicate = ({ file, stored }) => {
      asked.push(`${file.name}: ${stored.name}`)
      return 'reuse'
    }
    const uploads = [
      await browser.world.clock.run(kept.resume(undefined, { onDuplicate })),
      picked.resume(files[4] ?? new SimFile(contentOf(1)), { onDuplicate }),
    ]
    const results = await browser.world.clock.run(Promise.all(uploads.map(({ done }) => done)))
    expect(asked.sort()).toEqual(['file-4.bin: also.bin', 'file-5.bin: stored long ago.bin'])
    expect(results.map(({ reused }) => reused)).toEqual([true, true])
  })
})
