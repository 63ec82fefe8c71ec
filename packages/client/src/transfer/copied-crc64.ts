import { crc64TypeOf } from '../backend/upload-backend.js'
import type { Session } from '../upload/session.js'
import { rangeOf } from '@carryon/protocol'

/**
 * CRC-64 of a part as it was computed when the part was copied: where the store answers the same kind, the part need not be
 * read a second time beside being sent. `null`: it has to be.
 */
export function copiedCrc64(
  {
    checksums,
    engine,
    file,
    plan,
    upload,
  }: Pick<Session, 'checksums' | 'engine' | 'file' | 'plan' | 'upload'>,
  partNumber: number,
): string | null {
  const crc64Type = crc64TypeOf(upload)
  if (checksums.part !== crc64Type) return null
  const range = rangeOf(plan, partNumber)
  return (
    file.known?.crc64Of(range.start, range.end, crc64Type) ??
    engine.keeper?.crc64Of(upload.identity, range, crc64Type) ??
    null
  )
}
