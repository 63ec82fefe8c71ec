import { createCRC64, createMD5, createSHA256 } from 'hash-wasm'
import type { IHasher } from 'hash-wasm'
import { readSlice } from './read-slice.js'
import { TransportError } from './seams.js'
import type { DigestName, Digests } from './seams.js'

/** Bytes read at once: large enough to read fast, small enough that hashing them takes some 10 ms. */
const chunkSize = 4 * 1024 * 1024

/**
 * Digests of the slices, one after the other, in bounded memory: a part of 500 MiB needs two chunks of 4 MiB.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be had in full, `unsupported` when
 * WebAssembly is off limits.
 */
export async function digestSlices(
  slices: readonly Blob[],
  names: readonly DigestName[],
  signal: AbortSignal,
): Promise<Digests> {
  const hashers = await Promise.all(names.map(async (name) => ({ name, hasher: await takeHasher(name) })))
  try {
    for (const { hasher } of hashers) hasher.init()
    let size = 0
    const chunks = slices.flatMap(cut)
    const [first, ...rest] = chunks
    let reading = first === undefined ? undefined : readSlice(first)
    while (reading !== undefined) {
      const bytes = await reading
      signal.throwIfAborted()
      const next = rest.shift()
      // Reading goes on while this chunk is hashed.
      reading = next === undefined ? undefined : readSlice(next)
      reading?.catch(() => undefined)
      for (const { hasher } of hashers) hasher.update(bytes)
      size += bytes.byteLength
    }
    const digests: { md5?: string; crc64?: string; sha256?: string } = {}
    for (const { name, hasher } of hashers) digests[name] = textOf(name, hasher.digest('hex'))
    return { ...digests, size }
  } finally {
    for (const { name, hasher } of hashers) idle[name].push(hasher)
  }
}

function cut(slice: Blob): Blob[] {
  return Array.from({ length: Math.ceil(slice.size / chunkSize) }, (_, index) =>
    slice.slice(index * chunkSize, (index + 1) * chunkSize),
  )
}

const create = { md5: createMD5, crc64: createCRC64, sha256: createSHA256 }

/** Each is a WebAssembly instance that serves one computation at a time; used again, for making one takes time. */
const idle: Readonly<Record<DigestName, IHasher[]>> = { md5: [], crc64: [], sha256: [] }

async function takeHasher(name: DigestName): Promise<IHasher> {
  const hasher = idle[name].pop()
  if (hasher !== undefined) return hasher
  try {
    return await create[name]()
  } catch (error) {
    throw new TransportError(
      'unsupported',
      "WebAssembly is not allowed here; a page with a Content-Security-Policy needs 'wasm-unsafe-eval' in script-src.",
      error,
    )
  }
}

/** COS writes CRC-64 as an unsigned decimal (436/40334); all other digests are hex. */
function textOf(name: DigestName, hex: string): string {
  return name === 'crc64' ? BigInt(`0x${hex}`).toString() : hex
}
