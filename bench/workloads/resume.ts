import { fastLink } from '../link/link-profile.js'
import { figure } from '../report/bar-chart.js'
import { carryon, cosJsSdkDefaults, cosJsSdkTuned } from '../runner/contestants.js'
import { pick, withPage } from '../runner/open-page.js'
import { interleaved } from '../runner/rounds.js'
import type { PickedFile, Variant } from '../runner/run-upload.js'
import { relayPort, TestBed } from '../runner/test-bed.js'
import { summarize } from '../runner/statistics.js'
import { spread } from './compare.js'
import type { Workload } from './workload.js'

const MiB = 1024 * 1024
const sizes = { short: 512, full: 2048 }
const variants = [carryon, cosJsSdkDefaults, cosJsSdkTuned]
const longestMs = 300_000

interface Resumed {
  readonly label: string
  /** Milliseconds from the second pick to the first bytes of a part. */
  readonly firstByteMs: number
  /** Milliseconds from the second pick to the end. */
  readonly ms: number
  /** Received bytes in excess of the file's size, including parts that were cut off by the reload. */
  readonly bytesAgain: number
  readonly longestTaskMs: number
}

/** Reloads the page in the middle of an upload, and picks the file again. */
export const resume: Workload = {
  name: 'resume',
  title: 'Going on after the page was loaded anew',
  inShort: false,
  description: (mode) =>
    `${sizes[mode]} MiB over loopback; the page is reloaded when half has arrived, and the same file is picked again. What was on its way at the reload has to go again in any case.`,
  async measure(bench) {
    const files = await bench.files.random(sizes[bench.mode] * MiB)
    const testBed = await TestBed.open(fastLink, ['carryon', 'cos-js-sdk'], { watched: true })
    try {
      const measured: Resumed[] = []
      for (const variant of interleaved(variants, bench.rounds, Math.random)) {
        const one = await resumeOnce(testBed, variant, files)
        bench.say(
          `${one.label}: first new byte after ${figure(one.firstByteMs)} ms, done after ${figure(one.ms)} ms`,
        )
        measured.push(one)
      }
      const groups = variants.map(({ label }) => ({
        label,
        runs: measured.filter((one) => one.label === label),
      }))
      return {
        tables: [
          {
            columns: ['', 'first new byte, ms', 'done, s', 'MiB sent again', 'longest main-thread task, ms'],
            rows: groups.map(({ label, runs }) => [
              label,
              spread(runs.map(({ firstByteMs }) => firstByteMs)),
              spread(runs.map(({ ms }) => ms / 1000)),
              spread(runs.map(({ bytesAgain }) => bytesAgain / MiB)),
              figure(Math.max(...runs.map(({ longestTaskMs }) => longestTaskMs))),
            ]),
          },
        ],
        chart: {
          title: 'From the second pick to the first new byte',
          unit: 'ms',
          bars: groups.map(({ label, runs }) => ({
            label,
            ...summarize(runs.map(({ firstByteMs }) => firstByteMs)),
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

async function resumeOnce(
  testBed: TestBed,
  variant: Variant,
  files: readonly PickedFile[],
): Promise<Resumed> {
  await testBed.clear()
  const size = files.reduce((sum, file) => sum + file.size, 0)
  return withPage(testBed, variant, files, async ({ page, reload }) => {
    await pick(page, files)
    const deadline = performance.now() + longestMs
    while ((await arrived(testBed)) < size / 2) {
      if (performance.now() > deadline) throw new Error(`${variant.label} did not get half way.`)
      await page.waitForTimeout(20)
    }
    await reload()
    const before = await arrived(testBed)
    await testBed.forget()

    await pick(page, files)
    const outcome = await page.evaluate((ms) => globalThis.benchPage?.outcome(ms), longestMs)
    const first = (await testBed.requests()).find(
      ({ method, port, at }) =>
        method === 'PUT' && port === relayPort.store && at >= (outcome?.pickedAt ?? Infinity),
    )
    if (outcome === undefined || outcome.error !== null || first === undefined) {
      throw new Error(`${variant.label} did not go on: ${outcome?.error ?? 'nothing was sent'}`)
    }
    return {
      label: variant.label,
      firstByteMs: first.at - outcome.pickedAt,
      ms: outcome.doneAt - outcome.pickedAt,
      bytesAgain: before + (await arrived(testBed)) - size,
      longestTaskMs: Math.max(0, ...outcome.longTasks),
    }
  })
}

/** Body bytes of parts that the store has received. */
async function arrived(testBed: TestBed): Promise<number> {
  return (await testBed.storeCounters())['UploadPart']?.received ?? 0
}
