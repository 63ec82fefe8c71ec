import { Crc64Hasher } from '@carryon/hash'
import type { Crc64Part, Crc64Type } from '@carryon/hash'
import type { Md5Hasher } from '@carryon/hash/md5'
import { loadChunk } from '../async/load-chunk.js'
import { feedSlices } from './feed-slices.js'
import { GatheredSha256 } from './gathered-sha256.js'
import { TransportError } from '../ports.js'
import type { DigestName, Digests } from '../ports.js'
import { sizeOfAll } from './size-of-all.js'

/**
 * Digests of the concatenated slices, in bounded memory whatever their size. The exception is SHA-256, which holds all
 * bytes, at most 4 MiB of samples.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be read completely, and of reason
 * `unsupported` when WebAssembly is not allowed.
 */
export async function digestSlices(
  slices: readonly Blob[],
  names: readonly DigestName[],
  signal: AbortSignal,
): Promise<Digests> {
  const gathered = names.includes('sha256') ? new GatheredSha256(sizeOfAll(slices)) : null
  const crcs = await Promise.all(names.filter(isCrc64).map(takeCrc64))
  const md5 = names.includes('md5') ? await beginMd5() : null
  try {
    let size = 0
    const update = (bytes: Uint8Array<ArrayBuffer>): Promise<void> | void => {
      for (const { hasher } of crcs) hasher.update(bytes)
      gathered?.update(bytes)
      size += bytes.byteLength
      return md5?.update(bytes)
    }
    await feedSlices(slices, update, signal)
    return {
      ...(md5 === null ? {} : { md5: md5.digest() }),
      // In the format of COS (436/40334).
      ...Object.fromEntries(crcs.map(({ hasher }) => ['crc64', hasher.digest()])),
      ...(gathered === null ? {} : { sha256: await gathered.digest() }),
      size,
    }
  } finally {
    for (const { name, hasher } of crcs) idle[name].push(hasher)
    md5?.end()
  }
}

/**
 * CRC-64 of each grain of the slice, in order; the last grain may be shorter.
 *
 * Rejects like {@link digestSlices}.
 *
 * @param grain size of a grain in bytes
 * @param also also called with the bytes
 */
export async function digestGrains(
  slice: Blob,
  type: Crc64Type,
  grain: number,
  also: (bytes: Uint8Array<ArrayBuffer>) => void,
  signal: AbortSignal,
): Promise<readonly Crc64Part[]> {
  const { hasher } = await takeCrc64(type)
  const grains: Crc64Part[] = []
  let size = 0
  const end = (): void => {
    grains.push({ crc64: hasher.digest(), size })
    hasher.init()
    size = 0
  }
  try {
    const feed = (bytes: Uint8Array<ArrayBuffer>): void => {
      for (let taken = 0; taken < bytes.byteLength;) {
        const some = bytes.subarray(taken, taken + grain - size)
        hasher.update(some)
        size += some.byteLength
        taken += some.byteLength
        if (size === grain) end()
      }
      also(bytes)
    }
    await feedSlices([slice], feed, signal)
    if (size > 0) end()
    return grains
  } finally {
    idle[type].push(hasher)
  }
}

type Crc64Name = Exclude<DigestName, 'md5' | 'sha256'>

function isCrc64(name: DigestName): name is Crc64Name {
  return name !== 'md5' && name !== 'sha256'
}

/** WebAssembly instances for reuse, because creating one takes time. Each serves one computation at a time. */
const idle: Readonly<Record<Crc64Name, Crc64Hasher[]>> = { crc64ecma: [], crc64nvme: [] }

async function takeCrc64(
  name: Crc64Name,
): Promise<{ readonly name: Crc64Name; readonly hasher: Crc64Hasher }> {
  const hasher = idle[name].pop() ?? (await allowed(Crc64Hasher.create(name)))
  hasher.init()
  return { name, hasher }
}

async function beginMd5(): Promise<Md5Hasher> {
  const { beginMd5: begin } = await loadChunk(() => import('@carryon/hash/md5'))
  return allowed(begin(loadChunk))
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
