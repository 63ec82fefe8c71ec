import { expect } from 'vitest'
import { listUploads } from '../../browser/harness/server-uploads.js'
import { EnginePage } from '../page.js'
import { fileSize, openPage, sha256Of, uploadUntil, watchParts } from './acts.js'
import { type Scenario, everywhere } from './scenario.js'

export const twoTabs: Scenario = {
  name: 'two tabs',
  event: 'Two tabs pick the same file, and the first is closed',
  expected: everywhere('the second shows it, then takes over'),
  async play(stage) {
    const { browser, product, store } = stage
    const file = await stage.makeFile('film.mkv', fileSize)
    const first = await openPage(stage)
    await uploadUntil(stage, first, file.path, 10, 5)

    const second = await EnginePage.open(await browser.newTab(), product.url)
    await second.pick(file.path)
    await second.waitFor(file.path, 'waiting')
    await second.waitForPercent(file.path, 20)

    // Requests the first tab has under way stay slow, so they cannot finish before it is closed.
    await store.heal()
    const parts = await watchParts(stage)
    await first.tab.close()
    const row = await second.waitFor(file.path, 'done')

    await parts.nothingTwice()
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    const cookie = await browser.cookie(product.url)
    expect(await listUploads(product.url, cookie, 'open')).toEqual([])
    expect(await listUploads(product.url, cookie, 'done')).toHaveLength(1)
    return 'the second shows it, then takes over'
  },
}
