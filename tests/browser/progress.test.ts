import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { watchProgress } from './harness/progress-watch.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()
/** Largest decrease that needs no explanation, in percent of the file: 100 kB, rounding of the shown figure. */
const hardlyAny = 0.15
const givenUp = /will be sent again|将重新上传/

test.for([
  {
    locale: 'en-US',
    figures: /^\d+(\.\d)?% \d+\.\d [MG]B\/\d+\.\d [MG]B( –| \d+\.\d [KMG]B\/s (\d+ (s|min).*|–) left)?$/,
  },
  {
    locale: 'zh-CN',
    figures: /^\d+(\.\d)?% \d+\.\d[MG]B\/\d+\.\d[MG]B( –| \d+\.\d[KMG]B\/s 剩余 ?(\d+秒|\d+分.*|–))?$/,
  },
])(
  '$locale: progress is in words at every moment and goes backwards only in a pause that says so',
  async ({ locale, figures }, { store, arrive, files }) => {
    const file = await files.make('progress.bin', 96 * MiB)
    const uploads = await (await arrive({ locale })).open()
    await store.slowDown()
    const watch = await watchProgress(uploads.page)
    await uploads.pick(file.path)
    const row = uploads.row(file.path)
    await row.waitForPercent(30)
    await row.pause()
    await row.waitFor('paused')
    await row.resume()
    await row.waitFor('done')

    const seen = await watch.seen()
    expect(seen.length).toBeGreaterThan(10)
    expect(
      seen
        .filter(({ state }) => state !== 'done')
        .map(({ text }) => text)
        .filter((text) => !figures.test(text)),
    ).toEqual([])
    // Only a pause may decrease the figure, and the row then says why, even if the upload is resumed before the
    // amount was known.
    const pausedAt = seen.findIndex(({ state }) => state === 'paused')
    const unexplained = seen.filter(({ state, percent, words }, index) => {
      const fall = (seen[index - 1]?.percent ?? 0) - percent
      const isOfPause = index >= pausedAt && state !== 'uploading'
      return fall > hardlyAny && !(isOfPause && givenUp.test(words))
    })
    expect(unexplained).toEqual([])
    expect(seen.at(-1)?.percent).toBe(100)
  },
)
