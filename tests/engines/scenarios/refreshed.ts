import { expect } from 'vitest'
import { fileSize, openPage, sha256Of, uploadUntil, watchParts } from './acts.js'
import { type Scenario, everywhere } from './scenario.js'

export const refreshed: Scenario = {
  name: 'refreshed',
  event: 'The page is refreshed at 40 % and the file picked again',
  expected: everywhere('continues'),
  async play(stage) {
    const file = await stage.makeFile('film.mkv', fileSize)
    const page = await openPage(stage)
    await uploadUntil(stage, page, file.path, 40)
    await page.reload()
    await stage.store.heal()
    const parts = await watchParts(stage)
    await page.pick(file.path)
    const row = await page.waitFor(file.path, 'done')
    await parts.nothingTwice()
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    return 'continues'
  },
}
