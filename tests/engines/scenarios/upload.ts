import { expect } from 'vitest'
import { fileSize, openPage, sha256Of } from './acts.js'
import { type Scenario, everywhere } from './scenario.js'

export const upload: Scenario = {
  name: 'upload',
  event: 'A file is picked',
  expected: everywhere('uploads'),
  async play(stage) {
    const file = await stage.makeFile('film.mkv', fileSize)
    const page = await openPage(stage)
    await page.pick(file.path)
    const row = await page.waitFor(file.path, 'done')
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    return 'uploads'
  },
}
