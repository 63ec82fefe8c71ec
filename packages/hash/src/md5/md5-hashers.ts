import { Md5Lanes } from './md5-lanes.js'

/** Computes the MD5 of a message in chunks. */
export interface Md5Hasher {
  /** Adds bytes. Wait for each call to resolve; the bytes may be overwritten then. */
  readonly update: (bytes: Uint8Array) => Promise<void> | void
  /** MD5 of all added bytes, in lower-case hex. */
  readonly digest: () => string
  /** Releases the hasher. Must be called in the end, also after a failure. */
  readonly end: () => void
}

/** `null` if the browser does not support WebAssembly SIMD. */
let lanes: Promise<Md5Lanes | null> | undefined

/** Loads code that the page's build has put into a separate file; may retry on failure. */
export type ChunkLoader = <T>(load: () => Promise<T>) => Promise<T>

/**
 * Begins an MD5, computed together with all others in progress.
 *
 * Rejects with the browser's error if WebAssembly is not allowed.
 *
 * @param loadChunk loads the code for browsers without WebAssembly SIMD (Safari before 16.4)
 * @default loadChunk once, with `import()`
 */
export async function beginMd5(loadChunk: ChunkLoader = (load) => load()): Promise<Md5Hasher> {
  lanes ??= Md5Lanes.create().catch(() => null)
  const together = await lanes
  if (together !== null) return together.begin()
  const { beginAlone } = await loadChunk(() => import('./md5-alone.js'))
  return beginAlone()
}
