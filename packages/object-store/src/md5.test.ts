import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { md5Base64 } from './md5.js'

describe('md5Base64', () => {
  it("is Node's, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(md5Base64(bytes)).toBe(createHash('md5').update(bytes).digest('base64'))
      }),
    )
  })

  it.each([55, 56, 63, 64, 65, 119, 120])('pads %i bytes right', (length) => {
    const bytes = new Uint8Array(length).fill(97)
    expect(md5Base64(bytes)).toBe(createHash('md5').update(bytes).digest('base64'))
  })
})
