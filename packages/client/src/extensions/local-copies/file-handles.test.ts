import { describe, expect, it } from 'vitest'
import { KilledMidway, partSize } from '../../testing/killed-midway.js'
import { SimFile } from '../../testing/sim-file.js'
import { SimHandle } from '../../testing/sim-handle.js'
import { contentOf } from '../../testing/sim-world.js'

const size = 40 * partSize

/** A file that was picked by handle, killed halfway. */
async function killed(): Promise<{ readonly browser: KilledMidway; readonly handle: SimHandle }> {
  const file = new SimFile(contentOf(size), 'film.mp4', true)
  const handle = new SimHandle(file)
  const browser = new KilledMidway(file)
  await browser.kill(() => true)
  // A handle reads the file as it is now.
  handle.file = new SimFile(file.bytes, 'film.mp4', true)
  return { browser, handle }
}

describe('a file that was picked by handle', () => {
  it('goes on with one click, sends nothing twice, and is never copied', async () => {
    const { browser } = await killed()
    expect(browser.copyStorage.bytes).toBe(0)
    const tab = browser.tab()
    expect((await browser.listed(tab)).needs).toBe('permission')
    const result = await browser.world.clock.run((await browser.resume(tab)).done)
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
    const before = browser.acknowledged()
    expect(tab.transport.sent.filter(({ path }) => before.has(path))).toEqual([])
  })

  it('goes on without a click where the permission lasts', async () => {
    const { browser, handle } = await killed()
    handle.permission = 'granted'
    expect((await browser.listed(browser.tab())).needs).toBe('nothing')
  })

  it('is remembered by the same handle when it went on', async () => {
    const { browser } = await killed()
    const tab = browser.tab()
    await browser.resume(tab)
    await browser.world.clock.pass(1_500)
    tab.kill()
    const again = browser.tab()
    expect((await browser.listed(again)).needs).toBe('nothing')
    const result = await browser.world.clock.run((await browser.resume(again)).done)
    expect(browser.world.holds(result.key, browser.file.bytes)).toBe(true)
  })

  it('is asked for when the permission is denied, now or for good', async () => {
    const { browser, handle } = await killed()
    const tab = browser.tab()
    handle.answer = 'denied'
    await expect(browser.resume(tab)).rejects.toMatchObject({ code: 'permission-denied', retryable: true })
    expect(tab.uploader.uploads).toEqual([])
    expect((await browser.listed(browser.tab())).needs).toBe('file')
  })

  it('is asked for when it was moved or deleted', async () => {
    const { browser, handle } = await killed()
    handle.file = null
    await expect(browser.resume()).rejects.toMatchObject({ code: 'file-unreadable' })
  })

  it('is asked for when it has another size', async () => {
    const { browser, handle } = await killed()
    handle.file = new SimFile(contentOf(size - 1))
    await expect(browser.resume()).rejects.toMatchObject({ code: 'file-changed' })
  })

  it('is asked for when it has other content of the same size, and none of it is sent', async () => {
    const { browser, handle } = await killed()
    handle.file = new SimFile(contentOf(size, 2))
    const tab = browser.tab()
    expect(await browser.outcome(await browser.resume(tab))).toMatchObject({ code: 'file-changed' })
    expect(tab.transport.sent).toEqual([])
  })
})
