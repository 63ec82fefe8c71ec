import { expect } from 'vitest'
import { openPage, sha256Of } from './acts.js'
import { type Scenario, everywhere } from './scenario.js'

/** Bytes: each is one request. */
const photoSize = 200_000

export const photos: Scenario = {
  name: 'photos',
  event: 'Photos are picked',
  expected: everywhere('uploads, one request each'),
  async play(stage) {
    const before = (await stage.store.journal()).length
    const page = await openPage(stage)
    for (const name of ['one.jpg', 'two.jpg', 'three.jpg']) {
      const photo = await stage.makeFile(name, photoSize)
      await page.pick(photo.path)
      expect(await sha256Of(stage, await page.waitFor(photo.path, 'done'))).toBe(photo.sha256)
    }
    const since = (await stage.store.journal()).slice(before)
    const sent = (name: string): number =>
      since.filter(({ operation, acknowledged }) => operation === name && acknowledged).length
    expect([sent('PostObject'), sent('PutObject')]).toEqual([3, 0])
    return 'uploads, one request each'
  },
}
