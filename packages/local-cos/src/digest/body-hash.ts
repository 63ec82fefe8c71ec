import { createHash } from 'node:crypto'
import { loadCrc64 } from './crc64.js'

export interface Digest {
  readonly md5: Buffer
  readonly crc64: bigint
}

/** The checksums that the store answers for a body: the MD5 of `node:crypto` and hash-wasm's CRC-64. */
export interface BodyHash {
  update(data: Uint8Array): void
  /** May be asked once. */
  digest(): Digest
}

/** Resolves to what makes fresh ones. */
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
