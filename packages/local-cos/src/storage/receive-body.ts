import { rm, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { BodyDigest } from '../digest/body-digest.js'
import type { DigestPool } from '../digest/digest-pool.js'
import { CosError } from '../errors.js'
import { drain, type BodyGate } from './drain.js'
import { createFile } from './private-files.js'

/** A complete body in a temporary file. */
export interface ReceivedBody {
  readonly handle: FileHandle
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly md5: Buffer
  readonly crc64: bigint
}

/**
 * Streams a request body to a new file and computes its MD5 and CRC-64. Never holds more than a few MiB in
 * memory.
 *
 * @param options `sync` writes the file to disk at once, in parallel with the last of the hashing.
 * @throws {@link CosError} `IncompleteBody` if the sender disconnected early; then no file is left.
 */
export async function receiveBody(
  source: Readable,
  path: string,
  options: {
    /** As announced; `undefined` for a chunked body. */
    readonly length: number | undefined
    /** Approximate number of bytes if `length` is unknown. */
    readonly expected?: number
    readonly gate: BodyGate
    readonly digests: DigestPool
    readonly sync: boolean
  },
): Promise<ReceivedBody> {
  const { length, expected = 0, gate, digests, sync } = options
  const handle = await createFile(path, 'wx+')
  let digest: BodyDigest | undefined
  try {
    digest = await digests.open(handle.fd, length ?? expected)
    const size = await writeTo(handle, source, gate, digest)
    if (length !== undefined && size !== length) throw incompleteBody(size, length)
    const [{ md5, crc64 }] = await bothOf(digest.finish(), sync ? handle.datasync() : Promise.resolve())
    return { handle, path, size, md5, crc64 }
  } catch (error) {
    await digest?.abandon().catch(() => undefined)
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

/** Resolves to the number of bytes received. */
async function writeTo(
  handle: FileHandle,
  source: Readable,
  gate: BodyGate,
  digest: BodyDigest,
): Promise<number> {
  let size = 0
  await drain(source, gate, async (chunks) => {
    await writeAll(handle, chunks)
    for (const chunk of chunks) size += chunk.length
    digest.written(chunks, size)
  })
  return size
}

/** Like `Promise.all`, but always waits for both: the file must not be closed while one still uses it. */
async function bothOf<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  await Promise.allSettled([first, second])
  return Promise.all([first, second])
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
