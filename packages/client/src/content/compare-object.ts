import { combineAll } from '@carryon/hash'
import { planParts } from '@carryon/protocol'
import { sampledWhole } from './fingerprint.js'
import { crcsOfParts } from './part-crcs.js'
import type { Hashing } from './part-digests.js'
import type { FileSource } from '../ports.js'
import type { UploadResult } from '../upload-types.js'

/** Bytes read and hashed at a time. */
const readSize = 16 * 2 ** 20

/**
 * Whether the object of a finished upload of the same identity is this very file. An identity knows of a large file
 * only samples, so the whole of it is read. Where the store has no CRC-64 that cannot be shown, and the answer is no.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be had.
 */
export async function isSameContent(
  hashing: Hashing,
  file: FileSource,
  result: UploadResult,
  signal: AbortSignal,
): Promise<boolean> {
  const { size } = file
  if (result.size !== size) return false
  if (size <= sampledWhole) return true
  if (result.crc64 === null) return false
  const { crc64Type } = result
  if (file.known !== undefined) return file.known.crc64(crc64Type) === result.crc64
  const plan = planParts(size, readSize)
  return combineAll(await crcsOfParts(hashing, file, plan, crc64Type, signal), crc64Type) === result.crc64
}
