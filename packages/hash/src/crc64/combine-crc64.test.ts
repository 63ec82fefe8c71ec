import { Crc64NvmeJs } from '@aws-sdk/checksums/crc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineAll, combineCrc64 } from './combine-crc64.js'
import type { Crc64Type } from './polynomials.js'

const polynomials = { crc64ecma: 0xc96c5795d7870f42n, crc64nvme: 0x9a6c9329ac4bc9b5n }
const types: readonly Crc64Type[] = ['crc64ecma', 'crc64nvme']

/** Bit by bit, following the definition. */
function crcOf(bytes: Uint8Array, type: Crc64Type): string {
  let crc = 0xffffffffffffffffn
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomials[type] : crc >> 1n
  }
  return (crc ^ 0xffffffffffffffffn).toString()
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('the reference CRC', () => {
  it('is the one of the catalogue and of the COS documents', () => {
    expect(crcOf(bytes('123456789'), 'crc64ecma')).toBe(BigInt('0x995dc9bbdf1939fa').toString())
    expect(crcOf(bytes('[Object Content]'), 'crc64ecma')).toBe('16749565679157681890')
    expect(crcOf(bytes('123456789'), 'crc64nvme')).toBe(BigInt('0xae8b14860a799888').toString())
  })

  it("is the one of Amazon's own SDK", async () => {
    const data = fc.uint8Array({ maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(data, async (content) => {
        const theirs = new Crc64NvmeJs()
        theirs.update(content)
        const digest = Buffer.from(await theirs.digest())
          .readBigUInt64BE()
          .toString()
        expect(crcOf(content, 'crc64nvme')).toBe(digest)
      }),
    )
  })
})

describe.each(types)('combining %s', (type) => {
  const crc64 = (data: Uint8Array): string => crcOf(data, type)

  it('equals the CRC of the bytes in a row', () => {
    const data = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(data, data, (a, b) => {
        const whole = crc64(new Uint8Array([...a, ...b]))
        expect(combineCrc64(crc64(a), crc64(b), b.length, type)).toBe(whole)
      }),
    )
  })

  it('is associative, for lengths up to the largest object', () => {
    const crc = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)
    const size = fc.integer({ min: 0, max: 53_687_091_200_000 })
    fc.assert(
      fc.property(crc, crc, crc, size, size, (a, b, c, sizeB, sizeC) => {
        const left = combineCrc64(combineCrc64(a, b, sizeB, type), c, sizeC, type)
        const right = combineCrc64(a, combineCrc64(b, c, sizeC, type), sizeB + sizeC, type)
        expect(left).toBe(right)
      }),
    )
  })

  it.each([
    ['-1', '0', 1],
    ['18446744073709551616', '0', 1],
    ['0', '', 1],
    ['0', '0x1', 1],
    ['0', '0', -1],
    ['0', '0', 1.5],
    ['0', '0', 2 ** 53],
  ])('refuses %j, %j, %d', (a, b, length) => {
    expect(() => combineCrc64(a, b, length, type)).toThrow(RangeError)
  })

  it('equals the CRC of all parts in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (parts) => {
        const whole = crc64(new Uint8Array(parts.flatMap((part) => [...part])))
        const listed = parts.map((part) => ({ crc64: crc64(part), size: part.length }))
        expect(combineAll(listed, type)).toBe(whole)
      }),
    )
  })

  it('is the CRC of nothing without parts', () => {
    expect(combineAll([], type)).toBe(crc64(new Uint8Array()))
  })

  it('agrees with combining one by one over 10 000 parts', () => {
    const size = 8 * 1024 * 1024
    const parts = Array.from({ length: 10_000 }, (_, index) => ({
      crc64: ((BigInt(index) * 0x9e3779b97f4a7c15n) % 2n ** 64n).toString(),
      size: index === 9_999 ? 12_345 : size,
    }))
    let [{ crc64: expected } = { crc64: '0' }] = parts
    for (const part of parts.slice(1)) expected = combineCrc64(expected, part.crc64, part.size, type)
    expect(combineAll(parts, type)).toBe(expected)
  })
})
