import { loadChunk } from '../async/load-chunk.js'

/**
 * SHA-256 of bytes that arrive in pieces. Browsers compute it natively, several times faster than WebAssembly, but only
 * over one complete buffer, so the pieces are gathered. Used only for samples and lists, at most 4 MiB.
 */
export class GatheredSha256 {
  readonly #size: number
  #bytes: Uint8Array<ArrayBuffer> | null = null
  #length = 0
  #digest: Promise<string> | null = null

  /** @param size maximum number of bytes that will arrive */
  constructor(size: number) {
    this.#size = size
  }

  /** @param bytes may be overwritten after the call */
  update(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.byteLength === this.#size) {
      this.#digest = sha256(bytes)
      this.#digest.catch(() => undefined)
      return
    }
    this.#bytes ??= new Uint8Array(this.#size)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.byteLength
  }

  /** Lower-case hex. */
  digest(): Promise<string> {
    return (this.#digest ??= sha256((this.#bytes ?? new Uint8Array()).subarray(0, this.#length)))
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Web Crypto is missing in insecure contexts: load the slower implementation then.
  const subtle = (crypto as { readonly subtle?: SubtleCrypto }).subtle
  // Both ways copy the bytes before the first await.
  if (subtle === undefined) return plain(bytes.slice())
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function plain(bytes: Uint8Array): Promise<string> {
  const plainly = await loadChunk(() => import('./plain-sha256.js'))
  return plainly.sha256(bytes)
}
