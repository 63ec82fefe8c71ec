import { expect, test } from 'vitest'
import { KilledMidway } from '../../testing/killed-midway.js'
import { SimFile } from '../../testing/sim-file.js'
import { SimPicks } from '../../testing/sim-picks.js'
import { contentOf, SimWorld } from '../../testing/sim-world.js'

/** A tab was killed halfway; in the next one the pick store never answers. */
async function killed() {
  const picks = new SimPicks()
  const browser = new KilledMidway(undefined, { picks })
  await browser.kill()
  picks.mute = true
  return { browser, tab: browser.tab({ picks }) }
}

test('a list is answered all the same, and it is told that nothing is remembered', async () => {
  const { browser, tab } = await killed()
  expect(await browser.listed(tab)).toMatchObject({ name: 'film.mp4', needs: 'nothing' })
  expect(tab.uploader.remembers).toBe(false)
})

test('a row of that list can be discarded', async () => {
  const { browser, tab } = await killed()
  await browser.world.clock.run((await browser.listed(tab)).discard())
  expect(browser.world.server.list({ state: 'open' }).uploads).toEqual([])
})

test('a row whose copy cannot be had any more says so', async () => {
  const picks = new SimPicks()
  const world = new SimWorld({ latency: 10_000 })
  const first = world.tab({ picks })
  const files = [new SimFile(contentOf(640), 'a.bin'), new SimFile(contentOf(640, 2), 'b.bin')]
  await world.clock.run(first.uploader.picked(files))
  for (const file of files) first.uploader.upload(file)
  await world.clock.pass(3_000)
  first.kill()
  await world.clock.pass(5_000)
  const rows = await world.clock.run(world.tab({ picks }).uploader.unfinished())
  expect(rows.map(({ needs }) => needs)).toEqual(['nothing', 'nothing'])
  picks.mute = true
  const resumed = world.clock.run(rows[0]?.resume() ?? Promise.reject(new Error('No row.')))
  await expect(resumed).rejects.toMatchObject({ code: 'file-unreadable' })
})

test('a pick is told as not remembered, and uploads go on', async () => {
  const picks = new SimPicks()
  picks.mute = true
  const world = new SimWorld()
  const { uploader } = world.tab({ picks })
  const file = new SimFile(contentOf(640))
  await world.clock.run(uploader.picked([file]))
  expect(uploader.remembers).toBe(false)
  const { key } = await world.clock.run(uploader.upload(file).done)
  expect(world.holds(key, file.bytes)).toBe(true)
})
