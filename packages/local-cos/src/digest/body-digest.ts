import { createHash } from 'node:crypto'
import { createCrc64 } from './crc64.js'

export interface Digest {
  readonly md5: Buffer
  readonly crc64: bigint
}

/** MD5 and CRC64 of one body, computed while it is written to a file. */
export interface BodyDigest {
  /** These chunks are in the file now, `end` bytes in all. */
  written(chunks: readonly Buffer[], end: number): void
  /** After the last chunk. Once this has settled the file is not touched any more. */
  finish(): Promise<Digest>
  /** When the body is given up, before or after {@link finish}. Once this has settled the file is not touched any more. */
  abandon(): Promise<void>
}

/** In this thread: for small bodies the quickest, for large ones it would keep all other requests waiting. */
export async function inlineDigest(): Promise<BodyDigest> {
  const md5 = createHash('md5')
  const crc64 = await createCrc64()
  return {
    written: (chunks) => {
      for (const chunk of chunks) {
        md5.update(chunk)
        crc64.update(chunk)
      }
    },
    finish: async () => ({ md5: md5.digest(), crc64: crc64.digest() }),
    abandon: async () => undefined,
  }
}
