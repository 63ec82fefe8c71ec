import { loadBodyHash, type Digest } from './body-hash.js'

/** Computes MD5 and CRC-64 of a body while it is written to a file. */
export interface BodyDigest {
  /** Call after these chunks were written to the file, which then has `end` bytes. */
  written(chunks: readonly Buffer[], end: number): void
  /** Call after the last chunk. Once it settles, the file is no longer accessed. */
  finish(): Promise<Digest>
  /** Call when the body is discarded, before or after {@link finish}. Once it settles, the file is no longer accessed. */
  abandon(): Promise<void>
}

/** Hashes in this thread: fastest for small bodies, but a large one would block all other requests. */
export async function inlineDigest(): Promise<BodyDigest> {
  const createBodyHash = await loadBodyHash()
  const hash = createBodyHash()
  return {
    written: (chunks) => {
      for (const chunk of chunks) hash.update(chunk)
    },
    finish: async () => hash.digest(),
    abandon: async () => undefined,
  }
}
