import { createMD5 } from 'hash-wasm'

/** MD5 of bytes that come in pieces. A module of its own, for large files need none: they do not wait for it. */
export async function createMd5(): Promise<{
  readonly init: () => void
  readonly update: (bytes: Uint8Array) => void
  /** Lower-case hex. */
  readonly digest: () => string
}> {
  const hasher = await createMD5()
  return {
    init: () => void hasher.init(),
    update: (bytes) => void hasher.update(bytes),
    digest: () => hasher.digest('hex'),
  }
}
