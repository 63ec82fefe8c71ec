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

/** How code is loaded that a page's build has put into a file of its own: here it may be tried again when it fails. */
export type ChunkLoader = <T>(load: () => Promise<T>) => Promise<T>

/**
 * Begins an MD5, computed beside all others that are under way.
 *
 * Rejects with what the browser says where WebAssembly is not allowed.
 *
 * @param loadChunk loads what only browsers without WebAssembly's vectors need (Safari before 16.4)
 * @default loadChunk once, with `import()`
 */
export async function beginMd5(loadChunk: ChunkLoader = (load) => load()): Promise<Md5Hasher> {
  lanes ??= Md5Lanes.create().catch(() => null)
  const together = await lanes
  if (together !== null) return together.begin()
  const { beginAlone } = await loadChunk(() => import('./md5-alone.js'))
  return beginAlone()
}
