import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { watchProgress } from './harness/progress-watch.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test.for([
  {
    locale: 'en-US',
    figures: /^\d+% \d+\.\d[MG]B\/\d+\.\d[MG]B( –| \d+\.\d[KMG]B\/s (\d+ (s|min).*|–) left)?$/,
  },
  {
    locale: 'zh-CN',
    figures: /^\d+% \d+\.\d[MG]B\/\d+\.\d[MG]B( –| \d+\.\d[KMG]B\/s 剩余 ?(\d+秒|\d+分.*|–))?$/,
  },
])(
  '$locale: progress is in words at every moment and never goes backwards',
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
    const percents = seen.map(({ percent }) => percent)
    expect(percents).toEqual([...percents].sort((a, b) => a - b))
    expect(percents.at(-1)).toBe(100)
  },
)
