import { createHash } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createCrc64 } from '../crc64.js'
import { CosError } from '../errors.js'
import { drain, type BodyGate } from './drain.js'

/** A body that is complete and in a temporary file, not yet fsynced. */
export interface ReceivedBody {
  readonly handle: FileHandle
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly md5: Buffer
  readonly crc64: bigint
}

/**
 * Streams a request body to a new file while its MD5 and CRC64 are computed. Never holds more than a few MiB.
 *
 * @throws {@link CosError} `IncompleteBody` when the sender went away early; then no file is left.
 */
export async function receiveBody(
  source: Readable,
  path: string,
  length: number,
  gate: BodyGate = () => undefined,
): Promise<ReceivedBody> {
  const md5 = createHash('md5')
  const crc64 = await createCrc64()
  const handle = await open(path, 'wx')
  try {
    let size = 0
    await drain(source, gate, async (chunks) => {
      for (const chunk of chunks) {
        md5.update(chunk)
        crc64.update(chunk)
        size += chunk.length
      }
      await writeAll(handle, chunks)
    })
    if (size !== length) throw incompleteBody(size, length)
    return { handle, path, size, md5: md5.digest(), crc64: crc64.digest() }
  } catch (error) {
    await handle.close()
    await rm(path, { force: true })
    throw error
  }
}

function incompleteBody(size: number, length: number): CosError {
  return new CosError(
    'IncompleteBody',
    `The body ended after ${size} of ${length} bytes. Nothing was stored.`,
  )
}

async function writeAll(handle: FileHandle, chunks: Buffer[]): Promise<void> {
  let rest = chunks
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest)
    let skip = bytesWritten
    rest = rest.flatMap((chunk) => {
      const skipped = Math.min(skip, chunk.length)
      skip -= skipped
      return skipped === chunk.length ? [] : [chunk.subarray(skipped)]
    })
  }
}
