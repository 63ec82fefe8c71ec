import { loadChunk } from '../async/load-chunk.js'
import { Md5Lanes } from './md5-lanes.js'

/** The MD5 of a message that comes in pieces. */
export interface Md5Hasher {
  /** Adds bytes, one call after the other has resolved; they may be overwritten then. */
  readonly update: (bytes: Uint8Array) => Promise<void> | void
  /** Of all that was added, in lower-case hex. */
  readonly digest: () => string
  /** Must be called at last, whatever happened before. */
  readonly end: () => void
}

/** `null` where the browser knows no vectors. */
let lanes: Promise<Md5Lanes | null> | undefined

/**
 * Begins an MD5. A module of its own, for large files need none on COS: their first bytes do not wait for it.
 *
 * Rejects with what the browser says where WebAssembly is not allowed.
 */
export async function beginMd5(): Promise<Md5Hasher> {
  lanes ??= Md5Lanes.create().catch(() => null)
  const together = await lanes
  if (together !== null) return together.begin()
  const { beginAlone } = await loadChunk(() => import('./md5-alone.js'))
  return beginAlone()
}
