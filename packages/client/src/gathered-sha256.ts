/**
 * SHA-256 of bytes that come in pieces. Browsers compute it natively, several times faster than WebAssembly, but only of
 * bytes that are all there: they are gathered. It is asked of samples and lists only, 4 MiB at most.
 */
export class GatheredSha256 {
  #bytes: Uint8Array<ArrayBuffer>
  #length = 0

  /** @param size bytes that will come, at most */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size)
  }

  update(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.byteLength
  }

  /** Lower-case hex. */
  async digest(): Promise<string> {
    const bytes = this.#bytes.subarray(0, this.#length)
    // Missing where a page is not secure: then the slower way is loaded.
    const subtle = (crypto as { readonly subtle?: SubtleCrypto }).subtle
    if (subtle === undefined) return (await import('./plain-sha256.js')).sha256(bytes)
    const digest = new Uint8Array(await subtle.digest('SHA-256', bytes))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
