import { Crc64Hasher } from './crc64/crc64-hasher.js'
import { feedSlices } from './feed-slices.js'
import { GatheredSha256 } from './gathered-sha256.js'
import { TransportError } from './seams.js'
import type { DigestName, Digests } from './seams.js'
import { sizeOfAll } from './size-of-all.js'

/**
 * Digests of the slices, one after the other, in bounded memory whatever their size; but for SHA-256, which holds them
 * all, 4 MiB of samples at most.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be had in full, `unsupported` when
 * WebAssembly is off limits.
 *
 * @param also is given the bytes, too
 */
export async function digestSlices(
  slices: readonly Blob[],
  names: readonly DigestName[],
  signal: AbortSignal,
  also: (bytes: Uint8Array<ArrayBuffer>) => void = () => undefined,
): Promise<Digests> {
  const streamed = names.filter((name) => name !== 'sha256')
  const hashers = await Promise.all(streamed.map(async (name) => ({ name, hasher: await takeHasher(name) })))
  const gathered = streamed.length < names.length ? new GatheredSha256(sizeOfAll(slices)) : null
  try {
    for (const { hasher } of hashers) hasher.init()
    let size = 0
    const update = (bytes: Uint8Array<ArrayBuffer>): void => {
      for (const { hasher } of hashers) hasher.update(bytes)
      gathered?.update(bytes)
      also(bytes)
      size += bytes.byteLength
    }
    await feedSlices(slices, update, signal)
    const digests: { md5?: string; crc64?: string } = {}
    for (const { name, hasher } of hashers) {
      // CRCs as COS writes them (436/40334).
      digests[name === 'md5' ? 'md5' : 'crc64'] = hasher.digest()
    }
    return { ...digests, ...(gathered === null ? {} : { sha256: await gathered.digest() }), size }
  } finally {
    for (const { name, hasher } of hashers) idle[name].push(hasher)
  }
}

type StreamedName = Exclude<DigestName, 'sha256'>

type StreamedHasher = Pick<Crc64Hasher, 'init' | 'update' | 'digest'>

const create = {
  async md5(): Promise<StreamedHasher> {
    const { createMd5 } = await import('./md5-hasher.js')
    return createMd5()
  },
  crc64ecma: () => Crc64Hasher.create('crc64ecma'),
  crc64nvme: () => Crc64Hasher.create('crc64nvme'),
}

/** Each is a WebAssembly instance that serves one computation at a time; used again, for making one takes time. */
const idle: Readonly<Record<StreamedName, StreamedHasher[]>> = { md5: [], crc64ecma: [], crc64nvme: [] }

async function takeHasher(name: StreamedName): Promise<StreamedHasher> {
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
