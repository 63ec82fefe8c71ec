import { expect } from 'vitest'
import { slowLines } from '../../bench/runner/slowed-page.js'
import { endToEnd } from './harness/end-to-end.js'
import { crossed, pickOverLine } from './harness/line.js'
import { report } from './harness/measurements.js'
import { lookAt, recordUntil } from './harness/shown-figures.js'
import { silence } from './harness/silence.js'
import { sentAgain } from './harness/store-admin.js'

const test = endToEnd()
const MB = 1_000_000

// Mostly waiting for slow lines, so the cases run concurrently.
test.concurrent.for([
  { speed: slowLines.fourMbit, size: 100 * MB, reloadAt: [5, 15], givenUp: 8 },
  { speed: slowLines.fourMbit, size: 24 * MB, reloadAt: [50], givenUp: 8 },
  { speed: slowLines.sixteenMbit, size: 100 * MB, reloadAt: [5, 15, 50], givenUp: 5 },
])(
  '$speed.name, $size bytes: a reload at $reloadAt % loses at most $givenUp s of the line, and nothing that was acknowledged',
  async ({ speed, size, reloadAt, givenUp }, { product, store, arrive, files, onTestFinished }) => {
    const visit = { product, arrive, files, onTestFinished }
    const { line, uploads, file } = await pickOverLine(speed, size, visit)
    const atMost = givenUp * line.bytesPerSecond
    const reloads: Reload[] = []
    for (const at of reloadAt) {
      const lostBefore = (await line.account()).inVain
      await recordUntil(uploads.page, line, lostBefore + (at / 100) * size)
      const before = await lookAt(uploads.page, line)
      await uploads.reload()
      await uploads.unfinished.first().waitFor()
      const acknowledged = await store.acknowledgements()
      await uploads.pick(file.path)
      await uploads.row(file.path).waitFor('uploading')
      // The figure is stable once the stored parts have been compared.
      await recordUntil(uploads.page, line, before.bytesAfter + 2 * line.bytesPerSecond)
      const after = await lookAt(uploads.page, line)
      reloads.push({
        at,
        before: before.value,
        after: after.value,
        lost: (await line.account()).inVain - lostBefore,
        sentAgain: sentAgain(acknowledged, await store.acknowledgements()),
      })
    }
    const { mostOpen } = await line.account()
    await report(`slow-line-reloads-${(line.bytesPerSecond * 8) / MB}m-${size / MB}`, {
      reloads,
      mostOpen,
      atMost,
    })

    for (const { before, after, lost, sentAgain: again } of reloads) {
      expect(again).toEqual([])
      expect(lost).toBeLessThanOrEqual(atMost)
      expect(after).toBeGreaterThanOrEqual(before - (100 * lost) / size - 1)
    }
    expect(mostOpen).toBeLessThanOrEqual(atMost)
  },
)

/** Cost of one reload. */
interface Reload {
  /** Percent of the file that had crossed the line. */
  readonly at: number
  /** The figure before the reload, and after the same file was picked again. */
  readonly before: number
  readonly after: number
  /** Bytes that crossed the line in vain. */
  readonly lost: number
  readonly sentAgain: readonly string[]
}

test.concurrent.for([
  { speed: slowLines.fourMbit, size: 24 * MB, givenUp: 8 },
  { speed: slowLines.sixteenMbit, size: 100 * MB, givenUp: 5 },
])(
  '$speed.name: a pause gives up little and says so, and nothing acknowledged goes out again',
  async ({ speed, size, givenUp }, { product, store, arrive, files, onTestFinished }) => {
    const visit = { product, arrive, files, onTestFinished }
    const { line, uploads, file } = await pickOverLine(speed, size, visit)
    await recordUntil(uploads.page, line, 0.12 * size)
    const row = uploads.row(file.path)
    const before = await lookAt(uploads.page, line)
    await row.pause()
    await row.waitFor('paused')
    // Requests that end within a second of the pause may still be acknowledged; after that, the page says what was
    // given up.
    const said = /\d[\d.]*\s?[KM]B.*(again|given up|lost|not finished)/i
    const settled = Date.now() + 3_000
    while (!said.test(await row.locator.innerText()) && Date.now() < settled) await silence(50)
    const paused = await lookAt(uploads.page, line)
    const words = await row.locator.innerText()
    const acknowledged = await store.acknowledgements()
    await row.resume()
    await row.waitFor('uploading')
    await recordUntil(uploads.page, line, paused.bytesAfter + 0.05 * size)
    const account = await line.account()
    const after = await lookAt(uploads.page, line)
    await report(`slow-line-pause-${(line.bytesPerSecond * 8) / MB}m`, {
      before: before.value,
      paused: paused.value,
      words,
      after: after.value,
      inVain: account.inVain,
      crossed: crossed(account),
    })

    expect(account.inVain).toBeLessThanOrEqual(givenUp * line.bytesPerSecond)
    expect(paused.value).toBeGreaterThanOrEqual(before.value - (100 * account.inVain) / size - 1)
    // If the figure decreases, the page says why.
    if (paused.value < before.value) expect(words).toMatch(said)
    expect(after.value).toBeGreaterThanOrEqual(paused.value)
    expect(sentAgain(acknowledged, await store.acknowledgements())).toEqual([])
  },
)
