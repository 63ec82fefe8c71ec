import { fastLink } from '../link/link-profile.js'
import { figure } from '../report/bar-chart.js'
import { carryon, cosJsSdkDefaults } from '../runner/contestants.js'
import { pick, withPage } from '../runner/open-page.js'
import { interleaved } from '../runner/rounds.js'
import type { PickedFile, Variant } from '../runner/run-upload.js'
import { relayPort, TestBed } from '../runner/test-bed.js'
import { summarize } from '../runner/statistics.js'
import { spread } from './compare.js'
import type { Workload } from './workload.js'

const MB = 1e6
const GiB = 1024 ** 3
const variants = [carryon, cosJsSdkDefaults]
const longestMs = 60_000

/** Measures whether a large file makes a user wait before anything is sent. */
export const firstByte: Workload = {
  name: 'first-byte',
  title: 'From the pick to the first byte on its way',
  inShort: true,
  description: () =>
    'Milliseconds from the change event of the file input until the first bytes of the first PUT have left the browser, over loopback. The 20 GiB file is sparse.',
  async measure(bench) {
    const picks = [
      { name: '100 MB', files: await bench.files.random(100 * MB) },
      { name: '2 GiB', files: await bench.files.random(2 * GiB) },
      { name: '20 GiB', files: await bench.files.sparse(20 * GiB) },
    ]
    const testBed = await TestBed.open(fastLink, ['carryon', 'cos-js-sdk'], { watched: true })
    try {
      const cases = variants.flatMap((variant) => picks.map((picked) => ({ variant, picked })))
      const measured = new Map(cases.map((one) => [one, [] as number[]]))
      for (const one of interleaved(cases, bench.rounds, Math.random)) {
        const ms = await untilFirstByte(testBed, one.variant, one.picked.files)
        bench.say(`${one.variant.label}, ${one.picked.name}: ${figure(ms)} ms`)
        measured.get(one)?.push(ms)
      }
      const times = (variant: Variant, name: string): number[] =>
        [...measured].find(([one]) => one.variant === variant && one.picked.name === name)?.[1] ?? []
      return {
        tables: [
          {
            columns: ['', ...picks.map(({ name }) => `${name}, ms`)],
            rows: variants.map((variant) => [
              variant.label,
              ...picks.map(({ name }) => spread(times(variant, name))),
            ]),
          },
        ],
        chart: {
          title: 'From the pick to the first byte',
          unit: 'ms',
          bars: cases.map(({ variant, picked }) => ({
            label: `${variant.label}, ${picked.name}`,
            ...summarize(times(variant, picked.name)),
          })),
        },
        notes: [],
        runs: [],
      }
    } finally {
      await testBed.close()
    }
  },
}

/** Milliseconds from the pick to the first byte; then aborts the upload. */
async function untilFirstByte(
  testBed: TestBed,
  variant: Variant,
  files: readonly PickedFile[],
): Promise<number> {
  await testBed.clear()
  return withPage(testBed, variant, files, async ({ page }) => {
    await pick(page, files)
    const outcome = await page.evaluate(() => globalThis.benchPage?.outcome(0))
    const deadline = performance.now() + longestMs
    while (performance.now() < deadline) {
      const first = (await testBed.requests()).find(
        // Late requests of the previous page may have arrived after the counters were cleared.
        ({ method, port, at }) =>
          method === 'PUT' && port === relayPort.store && at >= (outcome?.pickedAt ?? Infinity),
      )
      if (first !== undefined && outcome !== undefined) return first.at - outcome.pickedAt
      await page.waitForTimeout(20)
    }
    throw new Error(`${variant.label} sent nothing within ${longestMs / 1000} s.`)
  })
}
