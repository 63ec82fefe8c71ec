import { expect } from 'vitest'
import { openPage, sha256Of } from './acts.js'
import { type Scenario, everywhere } from './scenario.js'

const count = 20
/** Bytes; small enough to be sent in a single request. */
const photoSize = 200_000

export const photos: Scenario = {
  name: 'photos',
  event: 'Photos are picked together',
  expected: everywhere('uploads, one request each'),
  async play(stage) {
    const files = await Promise.all(
      Array.from({ length: count }, (_, index) => stage.makeFile(`photo-${index}.jpg`, photoSize)),
    )
    const before = (await stage.store.journal()).length
    const page = await openPage(stage)
    await page.pick(...files.map(({ path }) => path))
    for (const file of files) {
      expect(await sha256Of(stage, await page.waitFor(file.path, 'done'))).toBe(file.sha256)
    }
    const since = (await stage.store.journal()).slice(before)
    const sent = (name: string): number =>
      since.filter(({ operation, acknowledged }) => operation === name && acknowledged).length
    expect([sent('PostObject'), sent('PutObject')]).toEqual([count, 0])
    return 'uploads, one request each'
  },
}
