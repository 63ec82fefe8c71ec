import { expect, test } from 'vitest'
import { KilledMidway } from '../../testing/killed-midway.js'
import { SimPicks } from '../../testing/sim-picks.js'
import { SimWorld } from '../../testing/sim-world.js'

/** A tab was killed halfway, and a new one resumes automatically. */
async function killed(): Promise<{ readonly browser: KilledMidway; readonly picks: SimPicks }> {
  const picks = new SimPicks()
  const browser = new KilledMidway(undefined, { picks })
  await browser.kill()
  return { browser, picks }
}

test('an upload that goes on, cancelled before it is opened, is gone from server, copies and list', async () => {
  const { browser, picks } = await killed()
  const tab = browser.tab({ picks })
  const row = await browser.listed(tab)
  const upload = await browser.world.clock.run(
    row.resume().then(async (begun) => {
      expect(begun.id).toBe(row.id)
      await begun.cancel()
      return begun
    }),
  )
  expect(upload.snapshot.state).toBe('cancelled')
  expect(tab.transport.sent).toEqual([])
  expect(browser.world.server.list({ state: 'open' }).uploads).toEqual([])
  expect(browser.copyStorage.bytes + browser.copyStorage.held.size).toBe(0)
  await browser.world.clock.pass(1_000)
  tab.kill()
  expect(await browser.world.clock.run(browser.tab({ picks }).uploader.unfinished())).toEqual([])
})

test('an upload that goes on, paused before it is opened, stays paused until somebody resumes it', async () => {
  const { browser, picks } = await killed()
  const paused = browser.tab({ picks })
  await browser.world.clock.run((await browser.listed(paused)).resume().then((begun) => begun.pause()))
  await browser.world.clock.pass(1_000)
  paused.kill()
  const resumed = browser.tab({ picks })
  const row = await browser.listed(resumed)
  expect(row).toMatchObject({ needs: 'nothing', paused: true })
  // Killed again before it was opened.
  await browser.world.clock.run(row.resume())
  resumed.uploader.close()
  await browser.world.clock.pass(1_000)
  resumed.kill()
  expect(await browser.listed(browser.tab({ picks }))).toMatchObject({ paused: false })
})

test('an upload that goes on, but is not opened yet, is no longer listed and does not begin twice', async () => {
  const { browser, picks } = await killed()
  const { uploader } = browser.tab({ picks })
  const [row] = await browser.world.clock.run(uploader.unfinished())
  const [first, again, listed] = await browser.world.clock.run(
    (async () => {
      const begun = await row?.resume()
      return [begun, await row?.resume(), await uploader.unfinished()]
    })(),
  )
  expect(again).toBe(first)
  expect(listed).toEqual([])
  expect(uploader.uploads).toHaveLength(1)
})

test('a file that was picked for an upload and is cancelled before it is known to be the one leaves it alone', async () => {
  const { browser, picks } = await killed()
  const tab = browser.tab({ picks })
  const upload = (await browser.listed(tab)).resume(browser.file)
  await browser.world.clock.run(upload.cancel())
  expect(await browser.listed(browser.tab({ picks }))).toMatchObject({ needs: 'nothing' })
})

test('a row that another tab has finished meanwhile can be discarded, and nothing of it is left', async () => {
  const { browser, picks } = await killed()
  const row = await browser.listed(browser.tab({ picks }))
  const { uploads } = browser.world.server.list({ state: 'open' })
  await browser.world.upload(browser.file, { memory: new SimWorld().memory })
  expect(uploads.map(({ id }) => browser.world.server.rows.get(id)?.upload.state)).toEqual(['done'])
  await browser.world.clock.run(row.discard())
  expect(browser.copyStorage.bytes + browser.copyStorage.held.size).toBe(0)
  expect(await browser.world.memory.all()).toEqual([])
  expect(picks.picks.size).toBe(0)
})

test('who pauses and resumes at once, while the database is busy, leaves an upload that goes on', async () => {
  const browser = new KilledMidway()
  await browser.world.until(() => browser.copyStorage.isWhole)
  const { sources } = browser.copyStorage
  const all = sources.all.bind(sources)
  sources.all = async () => {
    await browser.world.clock.sleep(3_000)
    return all()
  }
  browser.upload.pause()
  browser.upload.resume()
  await browser.kill()
  sources.all = all
  expect(await browser.listed(browser.tab())).toMatchObject({ paused: false })
})
