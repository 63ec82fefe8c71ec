import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { createCRC32, createCRC64, type IHasher } from 'hash-wasm'

/** A checksum computed while a body arrives. */
export interface Checksum {
  update(data: Buffer): void
  /** Base64 of the checksum's bytes, most significant first. May be called only once. */
  digest(): string
}

/** Reflected polynomials, as hash-wasm expects them. */
const castagnoli = 0x82f63b78
const nvme = '9a6c9329ac4bc9b5'

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
const makers: Readonly<Record<string, () => Checksum | Promise<Checksum>>> = {
  'x-amz-checksum-crc32': crc32Checksum,
  'x-amz-checksum-crc32c': async () => wasmChecksum(await createCRC32(castagnoli)),
  'x-amz-checksum-crc64nvme': async () => wasmChecksum(await createCRC64(nvme)),
  'x-amz-checksum-sha1': () => hashChecksum('sha1'),
  'x-amz-checksum-sha256': () => hashChecksum('sha256'),
}

/** Headers or trailers that carry a checksum of the body. */
export const checksumHeaders: readonly string[] = Object.keys(makers)

/** Returns `null` if the header is not a checksum header. */
export async function createChecksum(header: string): Promise<Checksum | null> {
  return (await makers[header]?.()) ?? null
}

function crc32Checksum(): Checksum {
  let crc = 0
  return {
    update: (data) => void (crc = crc32(data, crc)),
    digest: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(crc)
      return bytes.toString('base64')
    },
  }
}

function wasmChecksum(hasher: IHasher): Checksum {
  hasher.init()
  return {
    update: (data) => void hasher.update(data),
    digest: () => Buffer.from(hasher.digest('hex'), 'hex').toString('base64'),
  }
}

function hashChecksum(algorithm: 'sha1' | 'sha256'): Checksum {
  const hash = createHash(algorithm)
  return { update: (data) => void hash.update(data), digest: () => hash.digest('base64') }
}
