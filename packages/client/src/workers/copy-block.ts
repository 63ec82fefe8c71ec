import type { Crc64Part, Crc64Type } from '@carryon/hash'
import { digestGrains } from './digest-slices.js'
import { writeFile } from './private-file.js'

/** Copies a slice into the private file system and hashes each grain of `grain` bytes. Runs in a worker. */
export async function copyBlock(
  folder: string,
  name: string,
  slice: Blob,
  crc64Type: Crc64Type,
  grain: number,
  signal: AbortSignal,
): Promise<readonly Crc64Part[]> {
  const file = await writeFile(folder, name)
  try {
    return await digestGrains(slice, crc64Type, grain, file.write, signal)
  } finally {
    file.close()
  }
}
