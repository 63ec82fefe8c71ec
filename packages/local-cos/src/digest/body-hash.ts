import { createHash } from 'node:crypto'
import { loadCrc64 } from './crc64.js'

export interface Digest {
  readonly md5: Buffer
  readonly crc64: bigint
}

/** Checksums that the store returns for a body: MD5 by `node:crypto` and CRC-64 by hash-wasm. */
export interface BodyHash {
  update(data: Uint8Array): void
  /** May be called only once. */
  digest(): Digest
}

/** Resolves to a function that creates hashers. */
export async function loadBodyHash(): Promise<() => BodyHash> {
  const createCrc64 = await loadCrc64()
  return () => {
    const md5 = createHash('md5')
    const crc64 = createCrc64()
    return {
      update: (data) => {
        md5.update(data)
        crc64.update(data)
      },
      digest: () => ({ md5: md5.digest(), crc64: crc64.digest() }),
    }
  }
}
