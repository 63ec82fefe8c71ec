import { crc64TypeOf } from '../backend/upload-backend.js'
import type { RunContext } from './run-context.js'
import { rangeOf } from '@carryon/protocol'

/**
 * CRC-64 of a part as it was computed when the part was copied: where the store answers the same kind, the part need not be
 * read a second time beside being sent. `null`: it has to be.
 */
export function copiedCrc64(
  {
    checksums,
    context,
    file,
    plan,
    upload,
  }: Pick<RunContext, 'checksums' | 'context' | 'file' | 'plan' | 'upload'>,
  partNumber: number,
): string | null {
  const crc64Type = crc64TypeOf(upload)
  if (checksums.part !== crc64Type) return null
  const range = rangeOf(plan, partNumber)
  return (
    file.known?.crc64Of(range.start, range.end, crc64Type) ??
    context.copies?.crc64Of(upload.identity, range, crc64Type) ??
    null
  )
}
