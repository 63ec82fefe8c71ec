import { rangeOf } from '@carryon/protocol'
import type { RememberedUpload } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'
import type { CrcRange } from './range-crcs.js'

/** What copies know of parts: which bytes the store has acknowledged, and with which CRC-64. */

/** Of a run, all that was acknowledged until now. */
export function acknowledgedOf({
  plan,
  uploaded,
}: Pick<RunContext, 'plan' | 'uploaded'>): readonly CrcRange[] {
  return [...uploaded].map(([partNumber, { crc64 }]) => ({ ...rangeOf(plan, partNumber), crc64 }))
}

/** What this browser remembers of an upload. Where a part begins an earlier version did not remember. */
export function rememberedRanges(remembered: RememberedUpload | null | undefined): readonly CrcRange[] {
  return (remembered?.parts ?? []).flatMap(({ start, size, crc64 }) =>
    start === undefined ? [] : [{ start, end: start + size, crc64 }],
  )
}
