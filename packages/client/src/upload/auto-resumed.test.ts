import { expect, it } from 'vitest'
import { KilledMidway } from '../testing/killed-midway.js'
import { SimFile } from '../testing/sim-file.js'

it('goes on as the file that was picked just before, without a second upload of the same', async () => {
  const browser = new KilledMidway()
  await browser.kill()
  const tab = browser.tab()
  const unfinished = await browser.listed(tab)
  const picked = tab.uploader.upload(new SimFile(browser.file.bytes))
  await browser.world.until(() => picked.snapshot.state !== 'identifying')
  expect(await browser.world.clock.run(unfinished.resume())).toBe(picked)
  await browser.world.clock.run(picked.done)
  expect(tab.uploader.uploads).toEqual([picked])
})

it('is one upload, however often it is told to go on', async () => {
  const browser = new KilledMidway()
  await browser.kill()
  const tab = browser.tab()
  const unfinished = await browser.listed(tab)
  const first = await browser.world.clock.run(unfinished.resume())
  await browser.world.until(() => first.snapshot.state === 'uploading')
  expect(await browser.world.clock.run(unfinished.resume())).toBe(first)
})
