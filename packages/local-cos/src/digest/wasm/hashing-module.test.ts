import { describe, expect, it } from 'vitest'
import wabt from 'wabt'
import { hashingModuleText } from './hashing-module-wat.js'

describe('the WebAssembly module in the tree', () => {
  it('is what its source assembles to; `vitest -u` writes it anew', async () => {
    const assembler = await wabt()
    const { buffer } = assembler
      .parseWat('hashing-module.wat', hashingModuleText(), { simd: true })
      .toBinary({})
    await expect(`/** Written by hashing-module.test.ts from hashing-module-wat.ts: WebAssembly in Base64. */
export const hashingModule =
  '${Buffer.from(buffer).toString('base64')}'
`).toMatchFileSnapshot('./hashing-module.ts')
  })
})
