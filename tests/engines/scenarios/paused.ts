import { expect } from 'vitest'
import { silence } from '../../browser/harness/silence.js'
import { fileSize, openPage, reopen, sha256Of, uploadUntil, watchParts } from './acts.js'
import { accept, offerFor } from './offer.js'
import { type Scenario, everywhere } from './scenario.js'

export const pausedOverRestart: Scenario = {
  name: 'paused over a restart',
  event: 'Paused, then the browser is closed and opened again',
  expected: everywhere('stays paused; pick again'),
  async play(stage) {
    const { browser, store } = stage
    const file = await stage.makeFile('film.mkv', fileSize)
    const before = await openPage(stage)
    await uploadUntil(stage, before, file.path, 40)
    await before.press(file.path, 'upload-pause')
    await before.waitFor(file.path, 'paused')
    await browser.quit()
    await store.heal()

    const page = await reopen(stage)
    const parts = await watchParts(stage)
    const quiet = await store.journal()
    const offer = await offerFor(page, file.path)
    await silence(2000)
    const sent = (await store.journal()).slice(quiet.length)
    expect(sent.filter(({ operation }) => operation === 'UploadPart')).toEqual([])

    await accept(page, file.path, offer)
    const row = await page.waitFor(file.path, 'done')
    await parts.nothingTwice()
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    return offer === 'paused' ? 'stays paused; one click' : `stays paused; ${offer}`
  },
}
