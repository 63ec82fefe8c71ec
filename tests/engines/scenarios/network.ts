import { expect } from 'vitest'
import { silence } from '../../browser/harness/silence.js'
import type { StoreAdmin } from '../../browser/harness/store-admin.js'
import { fileSize, openPage, sha256Of, uploadUntil, watchParts } from './acts.js'
import { type Scenario, everywhere } from './scenario.js'

export const networkLost: Scenario = {
  name: 'network lost',
  event: 'The network breaks off and comes back',
  expected: everywhere('waits, then continues by itself'),
  async play(stage) {
    const { product } = stage
    const file = await stage.makeFile('film.mkv', fileSize)
    const page = await openPage(stage)
    await uploadUntil(stage, page, file.path, 30)
    // All connections are reset, and new ones fail.
    await product.kill()
    await page.waitFor(file.path, 'waiting')
    await product.restart()
    const row = await page.waitFor(file.path, 'done')
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    return 'waits, then continues by itself'
  },
}

export const networkSilent: Scenario = {
  name: 'network silent',
  event: 'The network stops answering without a word',
  expected: everywhere('continues by itself'),
  async play(stage) {
    const { store } = stage
    const file = await stage.makeFile('film.mkv', fileSize)
    const page = await openPage(stage)
    await uploadUntil(stage, page, file.path, 30)
    // Requests sent from now on are never answered and their connections never closed, even when the network is back.
    await store.harm({ operation: 'UploadPart', fault: { kind: 'hang' } })
    await untilStruck(store)
    await store.heal()
    const parts = await watchParts(stage)
    const row = await page.waitFor(file.path, 'done', 120_000)
    await parts.nothingTwice()
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    return 'continues by itself'
  },
}

/** Waits until every concurrent request hangs: no further fault applied for a while. */
async function untilStruck(store: StoreAdmin): Promise<void> {
  for (let last = 0; ;) {
    await silence(6000)
    const strikes = await store.strikes()
    if (strikes === last) return
    last = strikes
  }
}
