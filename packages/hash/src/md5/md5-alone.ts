import { createMD5 } from 'hash-wasm'
import type { Md5Hasher } from './md5-hashers.js'

const idle: Awaited<ReturnType<typeof createMD5>>[] = []

/** Begins an MD5 that is computed alone. A separate module, because only browsers without WebAssembly SIMD load it. */
export async function beginAlone(): Promise<Md5Hasher> {
  const hasher = idle.pop() ?? (await createMD5())
  hasher.init()
  return {
    update: (bytes) => void hasher.update(bytes),
    digest: () => hasher.digest('hex'),
    end: () => void idle.push(hasher),
  }
}
