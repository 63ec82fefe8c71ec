import { createCipheriv, createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createCRC64 } from 'hash-wasm'

export const MiB = 1024 * 1024

/**
 * `size` incompressible bytes that never repeat, determined by `seed`: AES-CTR over zeros.
 *
 * @example
 * sampleBytes(3 * MiB, 'resume')
 */
export function sampleBytes(size: number, seed: string): Buffer {
  const key = createHash('md5').update(seed).digest()
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16))
  return Buffer.concat([cipher.update(Buffer.alloc(size)), cipher.final()])
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex')
}

/** The ETag COS gives content sent in one piece: the MD5 in hex, in double quotes. */
export function md5ETag(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

export function md5Base64(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64')
}

/** CRC-64/XZ in decimal, as in COS's `x-cos-hash-crc64ecma` (436/40334), computed by hash-wasm. */
export async function crc64(bytes: Uint8Array): Promise<string> {
  const hash = await createCRC64()
  return BigInt(`0x${hash.init().update(bytes).digest('hex')}`).toString()
}
