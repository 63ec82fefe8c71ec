import { loadChunk } from '../async/load-chunk.js'
import { Crc64Hasher } from '../crc64/crc64-hasher.js'
import { feedSlices } from './feed-slices.js'
import { GatheredSha256 } from './gathered-sha256.js'
import type { Md5Hasher } from '../md5/md5-hashers.js'
import { TransportError } from '../seams.js'
import type { DigestName, Digests } from '../seams.js'
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
  const gathered = names.includes('sha256') ? new GatheredSha256(sizeOfAll(slices)) : null
  const crcs = await Promise.all(names.filter(isCrc64).map(takeCrc64))
  const md5 = names.includes('md5') ? await beginMd5() : null
  try {
    let size = 0
    const update = (bytes: Uint8Array<ArrayBuffer>): Promise<void> | void => {
      for (const { hasher } of crcs) hasher.update(bytes)
      gathered?.update(bytes)
      also(bytes)
      size += bytes.byteLength
      return md5?.update(bytes)
    }
    await feedSlices(slices, update, signal)
    return {
      ...(md5 === null ? {} : { md5: md5.digest() }),
      // As COS writes them (436/40334).
      ...Object.fromEntries(crcs.map(({ hasher }) => ['crc64', hasher.digest()])),
      ...(gathered === null ? {} : { sha256: await gathered.digest() }),
      size,
    }
  } finally {
    for (const { name, hasher } of crcs) idle[name].push(hasher)
    md5?.end()
  }
}

type Crc64Name = Exclude<DigestName, 'md5' | 'sha256'>

function isCrc64(name: DigestName): name is Crc64Name {
  return name !== 'md5' && name !== 'sha256'
}

/** Each is a WebAssembly instance that serves one computation at a time; used again, for making one takes time. */
const idle: Readonly<Record<Crc64Name, Crc64Hasher[]>> = { crc64ecma: [], crc64nvme: [] }

async function takeCrc64(
  name: Crc64Name,
): Promise<{ readonly name: Crc64Name; readonly hasher: Crc64Hasher }> {
  const hasher = idle[name].pop() ?? (await allowed(Crc64Hasher.create(name)))
  hasher.init()
  return { name, hasher }
}

async function beginMd5(): Promise<Md5Hasher> {
  const { beginMd5: begin } = await loadChunk(() => import('../md5/md5-hashers.js'))
  return allowed(begin())
}

async function allowed<T>(made: Promise<T>): Promise<T> {
  try {
    return await made
  } catch (error) {
    if (error instanceof TransportError) throw error
    throw new TransportError(
      'unsupported',
      "WebAssembly is not allowed here; a page with a Content-Security-Policy needs 'wasm-unsafe-eval' in script-src.",
      error,
    )
  }
}
