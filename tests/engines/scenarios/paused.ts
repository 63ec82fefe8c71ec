import { expect } from 'vitest'
import { silence } from '../../browser/harness/silence.js'
import { fileSize, openPage, reopen, sha256Of, uploadUntil, watchParts } from './acts.js'
import { waitForCopy } from './kept-copy.js'
import { accept, meaning, offerFor } from './offer.js'
import { type Scenario, everywhere } from './scenario.js'

export const pausedOverRestart: Scenario = {
  name: 'paused over a restart',
  event: 'Paused, then the browser is closed and opened again',
  expected: everywhere('stays paused; continues with one click'),
  async play(stage) {
    const { browser, store } = stage
    const file = await stage.makeFile('film.mkv', fileSize)
    const before = await openPage(stage)
    await uploadUntil(stage, before, file.path, 40, 2)
    await waitForCopy(before)
    await before.press(file.path, 'upload-pause')
    await before.waitFor(file.path, 'paused')
    // Allow the time that passes before a person could close the browser; by then the pause is stored.
    await silence(500)
    await browser.quit()
    await store.heal()

    const page = await reopen(stage)
    const parts = await watchParts(stage)
    const reopenedAt = Date.now()
    const offer = await offerFor(page, file.path)
    // Longer than the page waits before it resumes something by itself.
    await silence(4000)
    const sent = (await store.journal()).filter(({ operation }) => operation === 'UploadPart')
    expect(sent.filter(({ at }) => at > reopenedAt)).toEqual([])

    await accept(page, file.path, offer)
    const row = await page.waitFor(file.path, 'done')
    await parts.nothingTwice()
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    return meaning[offer]
  },
}
