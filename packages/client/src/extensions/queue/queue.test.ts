import { describe, expect, it } from 'vitest'
import { Queueing, queuedSize } from '../../testing/queueing.js'
import { SimFile } from '../../testing/sim-file.js'
import { SimHandle } from '../../testing/sim-handle.js'
import { contentOf } from '../../testing/sim-world.js'

describe('ten files picked, the page reloaded after the first', () => {
  it('all go on from copies, without a pick', async () => {
    const browser = new Queueing()
    const files = browser.files(10)
    const first = browser.tab()
    const uploads = browser.pick(first, files)
    await browser.world.until(() => uploads.some(({ snapshot }) => snapshot.state === 'done'))
    expect(uploads.filter(({ snapshot }) => snapshot.state === 'done').length).toBeLessThan(10)
    first.kill()
    await browser.world.clock.pass(5_000)

    const again = browser.tab()
    const rows = await browser.list(again)
    const done = browser.world.server.list({ state: 'done' }).uploads.length
    expect(rows).toHaveLength(10 - done)
    expect(rows.map(({ needs }) => needs)).toEqual(rows.map(() => 'nothing'))
    await browser.finish(await browser.resumeAll(again))
    browser.expectStored(files)
    await browser.world.clock.pass(1_000)
    expect(browser.isForgotten).toBe(true)
  })

  it('all go on by handle, with one click each', async () => {
    const browser = new Queueing()
    const files = browser.files(10)
    for (const file of files) new SimHandle(file)
    const first = browser.tab()
    const uploads = browser.pick(first, files)
    await browser.world.until(() => uploads.some(({ snapshot }) => snapshot.state === 'done'))
    first.kill()
    await browser.world.clock.pass(5_000)
    const again = browser.tab()
    const rows = await browser.list(again)
    expect(new Set(rows.map(({ needs }) => needs))).toEqual(new Set(['permission']))
    expect(browser.picks.copies.size).toBe(0)
    await browser.finish(await browser.resumeAll(again))
    browser.expectStored(files)
  })

  it('without room for anything each row says what to pick, and picking takes it up', async () => {
    const browser = new Queueing()
    browser.picks.left = 0
    browser.copyStorage.left = 0
    const files = browser.files(10)
    const first = browser.tab()
    const uploads = browser.pick(first, files)
    await browser.world.until(() => uploads.some(({ snapshot }) => snapshot.state === 'done'))
    first.kill()
    await browser.world.clock.pass(5_000)
    const again = browser.tab()
    const rows = await browser.list(again)
    expect(new Set(rows.map(({ needs }) => needs))).toEqual(new Set(['file']))
    const missing = rows.map(
      (row) => files.find(({ name }) => name === row.name) ?? new SimFile(contentOf(1)),
    )
    void again.uploader.picked(missing)
    await browser.finish(rows.map((row, index) => row.resume(missing[index] ?? new SimFile(contentOf(1)))))
    browser.expectStored(files)
    await browser.world.clock.pass(1_000)
    expect(browser.isForgotten).toBe(true)
  })
})

describe('while the server is away', () => {
  it('what was picked meanwhile is listed after a reload, goes on, and is not listed twice later', async () => {
    const browser = new Queueing()
    browser.world.server.restart(60_000)
    const files = browser.files(10)
    const first = browser.tab()
    browser.pick(first, files)
    await browser.world.clock.pass(5_000)
    first.kill()
    await browser.world.clock.pass(1_000)

    const again = browser.tab()
    await expect(browser.list(again)).rejects.toMatchObject({ name: 'UploadError' })
    const rows = await browser.world.clock.run(again.uploader.unfinishedHere())
    expect(rows.map(({ name, needs }) => `${name} ${needs}`)).toEqual(
      files.map(({ name }) => `${name} nothing`),
    )
    await browser.world.clock.pass(60_000)
    expect((await browser.list(again)).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
    await browser.finish(await browser.world.clock.run(Promise.all(rows.map((row) => row.resume()))))
    browser.expectStored(files)
  })

  it('what may be of another owner is not listed, and is found once the server is back', async () => {
    const browser = new Queueing()
    const first = browser.tab()
    const uploads = browser.pick(first, browser.files(10))
    await browser.world.until(() => uploads.some(({ snapshot }) => snapshot.state === 'done'))
    first.kill()
    await browser.world.clock.pass(5_000)
    browser.world.server.restart(60_000)

    const again = browser.tab()
    expect(await browser.world.clock.run(again.uploader.unfinishedHere())).toEqual([])
    await browser.world.clock.pass(60_000)
    const done = browser.world.server.list({ state: 'done' }).uploads.length
    expect(await browser.list(again)).toHaveLength(10 - done)
  })
})

describe('a pick', () => {
  it('of 200 is remembered in one transaction, before anything of it is sent', async () => {
    const browser = new Queueing()
    const tab = browser.tab()
    browser.pick(tab, browser.files(200))
    await browser.world.clock.pass(0)
    expect(browser.picks.writes).toBe(1)
    expect(tab.transport.sent).toEqual([])
    tab.kill()
    const rows = await browser.list(browser.tab())
    expect(rows.map(({ name }) => name)).toEqual(browser.files(200).map(({ name }) => name))
    expect(rows.every(({ state }) => state === 'queued')).toBe(true)
  })

  it('that nobody announced is remembered as it is added', async () => {
    const browser = new Queueing()
    const tab = browser.tab()
    for (const file of browser.files(20)) tab.uploader.upload(file)
    await browser.world.clock.pass(1)
    tab.kill()
    expect(await browser.list(browser.tab())).toHaveLength(20)
    expect(browser.picks.writes).toBe(1)
  })

  it('whose handles the browser does not store is remembered without them', async () => {
    const browser = new Queueing()
    const write = browser.picks.write.bind(browser.picks)
    browser.picks.write = async (change) => {
      const hasHandle = change.added.some(({ files }) => files.some(({ handle }) => handle !== undefined))
      if (hasHandle) throw new DOMException('A handle cannot be cloned.', 'DataCloneError')
      return write(change)
    }
    const files = browser.files(3)
    for (const file of files) new SimHandle(file)
    const tab = browser.tab()
    browser.pick(tab, files)
    await browser.world.clock.pass(10)
    tab.kill()
    const again = browser.tab()
    const rows = (await browser.list(again)).filter(({ state }) => state === 'queued')
    expect(rows.map(({ needs }) => needs)).toEqual(['file', 'file', 'file'])
    expect(again.uploader.remembers).toBe(true)
  })

  it('that cannot be remembered is told of, and uploads all the same', async () => {
    const browser = new Queueing()
    browser.picks.refused = true
    const files = browser.files(5)
    const tab = browser.tab()
    expect(tab.uploader.remembers).toBe(true)
    let told = 0
    tab.uploader.on('change', () => (told += tab.uploader.remembers ? 0 : 1))
    await browser.finish(browser.pick(tab, files))
    expect(tab.uploader.remembers).toBe(false)
    expect(told).toBeGreaterThan(0)
    browser.expectStored(files)
    expect(await browser.list(browser.tab())).toEqual([])
  })
})

it('says nothing of forgetting where the application keeps files in a place of its own', async () => {
  const browser = new Queueing()
  const { uploader } = browser.world.tab({ copyStorage: browser.copyStorage })
  await browser.finish(browser.files(2).map((file) => uploader.upload(file)))
  expect(uploader.remembers).toBe(true)
})

describe('another tab', () => {
  it('takes up nothing of what a tab that is open has yet to send, and all of it once that is gone', async () => {
    const browser = new Queueing()
    const first = browser.tab()
    browser.pick(first, browser.files(10))
    const second = browser.tab()
    await browser.world.clock.pass(100)
    expect((await browser.list(second)).filter(({ state }) => state === 'queued')).toEqual([])
    first.kill()
    await browser.world.clock.pass(2_000)
    expect((await browser.list(second)).length).toBe(10)
    // Now the second page owns it, and a third does not take it.
    const third = browser.tab()
    expect((await browser.list(third)).filter(({ state }) => state === 'queued')).toEqual([])
  })
})

describe('a queued file', () => {
  it('that was cancelled, or dismissed, does not come back', async () => {
    const browser = new Queueing()
    const tab = browser.tab()
    const uploads = browser.pick(tab, browser.files(6))
    await browser.world.clock.pass(100)
    await browser.world.clock.run(Promise.all(uploads.slice(3).map((upload) => upload.cancel())))
    tab.kill()
    await browser.world.clock.pass(2_000)
    const again = browser.tab()
    const rows = await browser.list(again)
    expect(rows.map(({ name }) => name).sort()).toEqual(['file-0.bin', 'file-1.bin', 'file-2.bin'])
    await browser.world.clock.run(Promise.all(rows.map((row) => row.discard())))
    again.kill()
    expect(await browser.list(browser.tab())).toEqual([])
    expect(browser.isForgotten).toBe(true)
  })

  it('that was paused stays paused', async () => {
    const browser = new Queueing()
    const tab = browser.tab()
    const uploads = browser.pick(tab, browser.files(5))
    await browser.world.clock.pass(100)
    uploads[4]?.pause()
    await browser.world.clock.pass(1_000)
    tab.kill()
    await browser.world.clock.pass(2_000)
    const rows = await browser.list(browser.tab())
    expect(rows.filter(({ paused }) => paused).map(({ name }) => name)).toEqual(['file-4.bin'])
  })

  it('that was opened in the moment of the kill has one row, and discarding that leaves nothing', async () => {
    const browser = new Queueing({ largestSingle: 10_000 })
    const tab = browser.tab()
    browser.pick(tab, browser.files(20))
    await browser.world.until(() => browser.world.server.list({ state: 'open' }).uploads.length > 0)
    tab.kill()
    await browser.world.clock.pass(1)
    const rows = await browser.list(browser.tab())
    expect(rows.map(({ name }) => name)).toEqual(browser.files(20).map(({ name }) => name))
    await browser.world.clock.run(Promise.all(rows.map((row) => row.discard())))
    expect(browser.world.server.list({ state: 'open' }).uploads).toEqual([])
    expect(browser.isForgotten).toBe(true)
  })

  it('that was stored in the moment of the kill is not sent again', async () => {
    const browser = new Queueing({ largestSingle: 10_000 })
    const files = browser.files(4)
    const tab = browser.tab()
    browser.pick(tab, files)
    await browser.world.until(() => browser.world.server.list({ state: 'done' }).uploads.length > 0)
    // The server has finished it, but the answer was lost.
    tab.kill()
    await browser.world.clock.pass(5_000)
    const again = browser.tab()
    for (const row of await browser.list(again)) {
      const file = files.find(({ name }) => name === row.name)
      if (row.needs === 'file' && file !== undefined) row.resume(file)
      else await browser.world.clock.run(row.resume())
    }
    await browser.finish(again.uploader.uploads)
    browser.expectStored(files)
  })

  it('of somebody else who used this browser is neither shown nor sent', async () => {
    const browser = new Queueing()
    const tab = browser.tab()
    const uploads = browser.pick(tab, browser.files(6))
    await browser.world.until(() => uploads.some(({ id }) => id !== null))
    await browser.world.clock.pass(1_000)
    tab.kill()
    await browser.world.clock.pass(5_000)
    // The server shows none of these uploads to the next owner.
    browser.world.server.rows.clear()
    browser.world.store.uploads.clear()
    expect(await browser.list(browser.tab())).toEqual([])
  })

  it('picked with a time and a place in a folder keeps both', async () => {
    const browser = new Queueing()
    const tab = browser.tab()
    const [file] = browser.files(1)
    if (file === undefined) throw new Error('one file')
    Object.assign(file, { webkitRelativePath: 'holiday/file-0.bin', lastModified: 17 })
    browser.pick(tab, [file])
    await browser.world.clock.pass(0)
    const [pick] = browser.picks.picks.values()
    expect(pick?.files).toEqual([
      { name: 'file-0.bin', size: queuedSize, type: file.type, lastModified: 17, path: 'holiday/file-0.bin' },
    ])
  })
})

it('remembers what the application said of each file', async () => {
  const browser = new Queueing()
  const tab = browser.tab()
  const files = browser.files(15)
  const albums = new Map<string, unknown>()
  const open = browser.world.server.open.bind(browser.world.server)
  browser.world.server.open = (request) => {
    albums.set(request.name, request.metadata)
    return open(request)
  }
  void tab.uploader.picked(files)
  for (const file of files) tab.uploader.upload(file, { metadata: { album: file.name } })
  await browser.world.clock.pass(3_000)
  tab.kill()
  await browser.world.clock.pass(2_000)
  albums.clear()
  const later = browser.tab()
  await browser.finish(await browser.resumeAll(later))
  expect(albums.size).toBeGreaterThan(6)
  for (const [name, metadata] of albums) expect(metadata).toEqual({ album: name })
})

it('copies the smallest first, and of equal ones the last', async () => {
  const browser = new Queueing({ latency: 5_000 })
  const order: string[] = []
  const keep = browser.picks.keepCopies.bind(browser.picks)
  browser.picks.keepCopies = async (copies) => {
    order.push(...copies.map(({ file }) => file.name))
    return keep(copies)
  }
  const files = [300, 100, 200, 100].map(
    (bytes, index) => new SimFile(contentOf(bytes, index + 1), `file-${index}.bin`),
  )
  const tab = browser.tab()
  browser.pick(tab, files)
  await browser.world.clock.pass(3_000)
  expect(order).toEqual(['file-3.bin', 'file-1.bin', 'file-2.bin', 'file-0.bin'])
})

it('makes no copy of a file that is changed while it is copied', async () => {
  const browser = new Queueing({ latency: 5_000 })
  const files = browser.files(4)
  let seed = 100
  const keep = browser.picks.keepCopies.bind(browser.picks)
  browser.picks.keepCopies = async (copies) => {
    await keep(copies)
    files[3]?.edit(contentOf(queuedSize + 3, (seed += 1)), true)
  }
  const tab = browser.tab()
  browser.pick(tab, files)
  await browser.world.clock.pass(3_000)
  expect([...browser.picks.copies.values()].map(({ key }) => key.index).sort()).toEqual([0, 1, 2])
})
