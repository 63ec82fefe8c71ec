import { crc64Bytes, crc64Fold, crc64Unfold } from './crc64-wat.js'
import { md5AdditiveConstants, md5Four, md5One } from './md5-wat.js'
import { md5Constants, memoryPages } from './memory-layout.js'

/** The module's WebAssembly text; hashing-module.ts holds what `wat2wasm` makes of it. */
export function hashingModuleText(): string {
  const bytes = [...Buffer.from(md5AdditiveConstants().buffer)]
  const literal = bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  return `(module
(memory (export "memory") ${memoryPages} ${memoryPages})
(data (i32.const ${md5Constants}) "${literal}")
${[md5One(), md5Four(), crc64Fold(), crc64Unfold(), crc64Bytes()].join('\n')})
`
}
