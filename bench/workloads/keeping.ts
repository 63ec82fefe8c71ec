import { fastLink, megabits, symmetricLink } from '../link/link-profile.js'
import type { LinkProfile } from '../link/link-profile.js'
import { interleaved } from '../runner/rounds.js'
import { runUpload } from '../runner/run-upload.js'
import type { Variant } from '../runner/run-upload.js'
import { TestBed } from '../runner/test-bed.js'
import { median, spread } from './compare.js'
import type { Workload } from './workload.js'

const MiB = 1024 * 1024
const longestMs = 300_000

const without: Variant = { label: 'keeping nothing', contestant: 'carryon', settings: { copyLimit: 0 } }
const withCopy: Variant = { label: 'keeping a copy', contestant: 'carryon', settings: {} }
const variants = [without, withCopy]

const links: readonly { readonly profile: LinkProfile; readonly size: number }[] = [
  { profile: fastLink, size: 768 * MiB },
  { profile: symmetricLink(megabits(400), 10), size: 384 * MiB },
]

/** Measures the cost of the local copy, which allows auto-resume without picking the file again. */
export const keeping: Workload = {
  name: 'keeping',
  title: 'Uploading while a copy is kept',
  inShort: false,
  description: () =>
    'The same upload with and without copying what is not acknowledged into the browser’s own storage. The ratio is of the medians; 1.10 is the most that copying may cost.',
  async measure(bench) {
    const rows: (readonly string[])[] = []
    for (const { profile, size } of links) {
      const files = await bench.files.random(size)
      const testBed = await TestBed.open(profile, ['carryon'])
      try {
        const times = new Map(variants.map((variant) => [variant, [] as number[]]))
        for (const variant of interleaved(variants, bench.rounds, Math.random)) {
          const { ms, error } = await runUpload(testBed, variant, files, longestMs)
          if (error !== null) throw new Error(`${variant.label}: ${error}`)
          bench.say(`${profile.name}, ${variant.label}: ${(ms / 1000).toFixed(2)} s`)
          times.get(variant)?.push(ms)
        }
        const [bare = [], kept = []] = variants.map((variant) => times.get(variant))
        rows.push([
          `${size / MiB} MiB, ${profile.name}`,
          spread(bare, 0.001),
          spread(kept, 0.001),
          (median(kept) / median(bare)).toFixed(3),
        ])
      } finally {
        await testBed.close()
      }
    }
    return {
      chart: null,
      tables: [{ columns: ['', 'keeping nothing, s', 'keeping a copy, s', 'ratio'], rows }],
      notes: [],
      runs: [],
    }
  },
}
