import type { Crc64Type } from '@carryon/object-store'
import { digestSlices } from '../workers/digest-slices.js'
import type { Digests } from '../seams.js'
import { writePiece } from './private-file.js'

/** Copies a slice into the private file system, and hashes what it copies. In a worker. */
export async function keepPiece(
  folder: string,
  name: string,
  slice: Blob,
  crc64Type: Crc64Type,
  signal: AbortSignal,
): Promise<Digests> {
  const piece = await writePiece(folder, name)
  try {
    return await digestSlices([slice], [crc64Type], signal, piece.write)
  } finally {
    piece.close()
  }
}
