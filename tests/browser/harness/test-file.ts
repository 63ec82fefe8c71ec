import { createCipheriv, createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

export const KiB = 1024
export const MiB = 1024 * KiB
export const GiB = 1024 * MiB

const blockSize = 8 * MiB

/** A file on disk, with the digest of its content. */
export interface TestFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
}

/**
 * Writes a file whose content is determined by `seed`: the key stream of AES in counter mode, as incompressible as
 * random data and generated at more than 1 GB/s.
 */
export async function makeTestFile(path: string, size: number, seed: number): Promise<TestFile> {
  const key = createHash('sha256').update(`carryon ${seed}`).digest()
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  const zeros = Buffer.alloc(Math.min(blockSize, size))
  const hash = createHash('sha256')
  const file = await open(path, 'w')
  try {
    for (let written = 0; written < size; written += blockSize) {
      const block = stream.update(zeros.subarray(0, Math.min(blockSize, size - written)))
      hash.update(block)
      await file.write(block)
    }
  } finally {
    await file.close()
  }
  return { path, size, sha256: hash.digest('hex') }
}

/** Computes the SHA-256 of a file on disk. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: MiB })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Changes one byte in place: the size stays the same, the modification time changes. */
export async function flipByte(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const byte = Buffer.alloc(1)
    await file.read(byte, 0, 1, offset)
    byte[0] = (byte[0] ?? 0) ^ 0xff
    await file.write(byte, 0, 1, offset)
  } finally {
    await file.close()
  }
}
