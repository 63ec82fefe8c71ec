import { expect, it } from 'vitest'
import { SimFile } from '../../testing/sim-file.js'
import { SimCopyStorage } from '../../testing/sim-copy-storage.js'
import { SimPicks } from '../../testing/sim-picks.js'
import { contentOf, SimWorld } from '../../testing/sim-world.js'
import type { SimTab } from '../../testing/sim-world.js'

const partSize = 64
const size = 40 * partSize

/** A browser that may keep the given bytes of copies. */
class Limited {
  readonly world = new SimWorld({ latency: 500 })
  readonly copyStorage = new SimCopyStorage()
  readonly picks = new SimPicks()
  readonly copyLimit: number
  most = 0

  constructor(copyLimit: number) {
    this.copyLimit = copyLimit
  }

  tab(): SimTab {
    return this.world.tab({ copyStorage: this.copyStorage, picks: this.picks, copyLimit: this.copyLimit })
  }

  get bytes(): number {
    return this.copyStorage.bytes + this.#queued
  }

  get #queued(): number {
    return [...this.picks.copies.values()].reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  /** Advances time, and records how much is kept meanwhile. */
  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      await this.world.clock.pass(500)
      this.most = Math.max(this.most, this.bytes)
    }
  }
}

const film = (seed: number): SimFile => new SimFile(contentOf(size, seed), `film-${seed}.mp4`)

it('counts what is kept already, in this page and from earlier ones', async () => {
  const browser = new Limited(1.5 * size)
  browser.picks.refused = true
  const first = browser.tab()
  const begun = first.uploader.upload(film(1))
  await browser.pass(1_000)
  begun.pause()
  await browser.pass(30_000)
  expect(browser.bytes).toBeGreaterThan(size / 2)
  const other = first.uploader.upload(film(2))
  await browser.pass(1_000)
  other.pause()
  await browser.pass(60_000)
  first.kill()
  const second = browser.tab()
  const third = second.uploader.upload(film(3))
  await browser.pass(1_000)
  third.pause()
  await browser.pass(60_000)
  expect(browser.most).toBeLessThanOrEqual(browser.copyLimit)
})

it('is one limit for files that wait and for those that are under way', async () => {
  const browser = new Limited(1.5 * size)
  const { uploader } = browser.tab()
  const files = [film(1), film(2), film(3)]
  void uploader.picked(files)
  const uploads = files.map((file) => uploader.upload(file))
  await browser.pass(1_500)
  for (const upload of uploads) upload.pause()
  await browser.pass(120_000)
  expect(browser.most).toBeLessThanOrEqual(browser.copyLimit)
  expect(browser.most).toBeGreaterThan(0)
})

it('is free again for the files that wait once others are done', async () => {
  const browser = new Limited(2 * partSize)
  const { uploader } = browser.tab()
  const files = Array.from(
    { length: 4 },
    (_, index) => new SimFile(contentOf(partSize, index + 1), `${index}`),
  )
  void uploader.picked(files)
  const uploads = files.map((file) => uploader.upload(file))
  for (const upload of uploads) upload.pause()
  await browser.pass(60_000)
  const copied = (): readonly number[] =>
    [...browser.picks.copies.values()].map(({ key }) => key.index).sort()
  expect(copied()).toEqual([2, 3])
  await browser.world.clock.run(Promise.all(uploads.slice(2).map((upload) => upload.cancel())))
  await browser.pass(60_000)
  expect(copied()).toEqual([0, 1])
  expect(browser.most).toBeLessThanOrEqual(browser.copyLimit)
})
