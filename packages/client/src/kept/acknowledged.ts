import { rangeOf } from '@carryon/protocol'
import type { RememberedUpload } from '../seams.js'
import type { Session } from '../upload/session.js'
import type { Stretch } from './stretch-crcs.js'

/** What copies know of parts: which bytes the store has acknowledged, and with which CRC-64. */

/** Of a session, all that was acknowledged until now. */
export function acknowledgedOf({ plan, receipts }: Pick<Session, 'plan' | 'receipts'>): readonly Stretch[] {
  return [...receipts].map(([partNumber, { crc64 }]) => ({ ...rangeOf(plan, partNumber), crc64 }))
}

/** What this browser remembers of an upload. Where a part begins an earlier version did not remember. */
export function rememberedRanges(remembered: RememberedUpload | null | undefined): readonly Stretch[] {
  return (remembered?.parts ?? []).flatMap(({ start, size, crc64 }) =>
    start === undefined ? [] : [{ start, end: start + size, crc64 }],
  )
}
