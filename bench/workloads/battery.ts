import { megabits, symmetricLink } from '../link/link-profile.js'
import type { LinkProfile } from '../link/link-profile.js'
import { figure } from '../report/bar-chart.js'
import type { Finding, Table } from '../report/section.js'
import { cosJsSdkTuned, limit } from '../runner/contestants.js'
import { pick, withPage } from '../runner/open-page.js'
import { interleaved } from '../runner/rounds.js'
import type { PickedFile, Variant } from '../runner/run-upload.js'
import { TestBed } from '../runner/test-bed.js'
import { threadTimes } from '../runner/thread-time.js'
import { median, spread } from './compare.js'
import type { Workload } from './workload.js'

const MiB = 1024 * 1024
const longestMs = 300_000
/** Seconds per GiB. Kinds of threads that used less than this in every variant are combined into one row. */
const worthNaming = 0.25

const variants: readonly Variant[] = [
  limit(8 * MiB, 6),
  cosJsSdkTuned,
  { label: 'Carryon, keeping nothing', contestant: 'carryon', settings: { copyLimit: 0 } },
  { label: 'Carryon, keeping a copy', contestant: 'carryon', settings: {} },
]

/** Processor seconds per GiB, by process and kind of thread. */
type Account = ReadonlyMap<string, number>

interface Line {
  readonly name: string
  readonly profile: LinkProfile
  /** MiB to upload. */
  readonly short: number
  readonly full: number
}

/**
 * How much of a battery an upload uses: the processor time of all processes of the browser for each GiB, on lines
 * where the processor waits for the line. Memory is not sampled meanwhile, because that costs the browser processor
 * time.
 */
function batteryWorkload({ name, profile, short, full }: Line): Workload {
  return {
    name,
    title: `Processor time of the browser over ${profile.name}`,
    inShort: false,
    description: (mode) =>
      `${mode === 'short' ? short : full} MiB; seconds of processor time of all of Chromium’s processes for each GiB, from the pick until the file is reported as stored, medians.`,
    async measure(bench) {
      const size = (bench.mode === 'short' ? short : full) * MiB
      const files = await bench.files.random(size)
      const testBed = await TestBed.open(profile, ['limit', 'cos-js-sdk', 'carryon'])
      try {
        const accounts = new Map(variants.map((variant) => [variant, [] as Account[]]))
        for (const variant of interleaved(variants, bench.rounds, Math.random)) {
          const account = await accountOf(testBed, variant, files, size)
          bench.say(`${variant.label}: ${figure(sumOf(account))} s per GiB`)
          accounts.get(variant)?.push(account)
        }
        return findingOf(variants.map((variant) => accounts.get(variant) ?? []))
      } finally {
        await testBed.close()
      }
    },
  }
}

async function accountOf(
  testBed: TestBed,
  variant: Variant,
  files: readonly PickedFile[],
  size: number,
): Promise<Account> {
  await testBed.clear()
  return withPage(testBed, variant, files, async ({ browser, page }) => {
    const before = await threadTimes(browser)
    await pick(page, files)
    const outcome = await page.evaluate((ms) => globalThis.benchPage?.outcome(ms), longestMs)
    const after = await threadTimes(browser)
    if (outcome?.error !== null) throw new Error(`${variant.label}: ${outcome?.error ?? 'no outcome'}`)
    const gibibytes = size / 1024 ** 3
    return new Map([...after].map(([who, seconds]) => [who, (seconds - (before.get(who) ?? 0)) / gibibytes]))
  })
}

function findingOf(accounts: readonly (readonly Account[])[]): Finding {
  const sums = accounts.map((runs) => runs.map(sumOf))
  const [, tuned = []] = sums
  const totals: Table = {
    columns: ['', 's per GiB, median (lowest to highest)', 'of the tuned SDK’s'],
    rows: variants.map(({ label }, index) => [
      label,
      spread(sums[index] ?? []),
      (median(sums[index] ?? []) / median(tuned)).toFixed(2),
    ]),
  }
  const kinds = [...new Set(accounts.flat().flatMap((account) => [...account.keys()]))]
  const byKind = kinds.map((who) => ({
    who,
    seconds: accounts.map((runs) => median(runs.map((account) => account.get(who) ?? 0))),
  }))
  const named = byKind.filter(({ seconds }) => Math.max(...seconds) >= worthNaming)
  const others = byKind.filter((kind) => !named.includes(kind))
  const rows = [
    ...named.sort((a, b) => (b.seconds.at(-1) ?? 0) - (a.seconds.at(-1) ?? 0)),
    {
      who: 'others',
      seconds: variants.map((_, index) =>
        others.reduce((sum, { seconds }) => sum + (seconds[index] ?? 0), 0),
      ),
    },
  ]
  const parts: Table = {
    columns: ['process: thread, s per GiB', ...variants.map(({ label }) => label)],
    rows: rows.map(({ who, seconds }) => [who, ...seconds.map((value) => value.toFixed(2))]),
  }
  return { tables: [totals, parts], chart: null, notes: [], runs: [] }
}

function sumOf(account: Account): number {
  return [...account.values()].reduce((sum, seconds) => sum + seconds, 0)
}

export const batteryWorkloads: readonly Workload[] = [
  batteryWorkload({
    name: 'battery-100m',
    profile: symmetricLink(megabits(100), 100),
    short: 256,
    full: 1024,
  }),
  batteryWorkload({ name: 'battery-16m', profile: symmetricLink(megabits(16), 60), short: 64, full: 256 }),
]
