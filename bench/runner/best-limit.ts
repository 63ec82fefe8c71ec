import { limit } from './contestants.js'
import { runUpload } from './run-upload.js'
import type { PickedFile, Variant } from './run-upload.js'
import type { TestBed } from './test-bed.js'

const MiB = 1024 * 1024

/**
 * Part sizes and numbers of lanes to try. Fewer lanes or smaller parts were never faster on any link; parts larger
 * than the largest that Carryon sends were not tried.
 */
const candidates: readonly (readonly [partMiB: number, lanes: number])[] = [
  [2, 6],
  [4, 6],
  [8, 6],
  [16, 6],
  [32, 6],
  [8, 4],
]

/** Tries each part size and number of lanes on this link, and returns the fastest. */
export async function bestLimit(
  testBed: TestBed,
  files: readonly PickedFile[],
  options: { readonly tries: number; readonly longestMs: number },
): Promise<Variant> {
  const variants = candidates.map(([partMiB, lanes]) => limit(partMiB * MiB, lanes))
  let best: { readonly variant: Variant; readonly ms: number } | null = null
  for (const variant of variants) {
    for (let count = 0; count < options.tries; count++) {
      const { ms, error } = await runUpload(testBed, variant, files, options.longestMs)
      if (error === null && (best === null || ms < best.ms)) best = { variant, ms }
    }
  }
  if (best === null) throw new Error('No bare upload came through.')
  return best.variant
}
