import { loadBodyHash, type Digest } from './body-hash.js'

/** MD5 and CRC64 of one body, computed while it is written to a file. */
export interface BodyDigest {
  /** These chunks are in the file now, `end` bytes in all. */
  written(chunks: readonly Buffer[], end: number): void
  /** After the last chunk. Once this has settled the file is not touched any more. */
  finish(): Promise<Digest>
  /** When the body is given up, before or after {@link finish}. Once this has settled the file is not touched any more. */
  abandon(): Promise<void>
}

/** In this thread: for small bodies the quickest, for large ones it would keep all other requests waiting. */
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
