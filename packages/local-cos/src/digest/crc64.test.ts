import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testBytes } from '../testing/client.js'
import { combineCrc64, loadCrc64 } from './crc64.js'

/** The definition, bit by bit; independent of the library and of the combination. */
function bitwiseCrc64(data: Uint8Array): bigint {
  let crc = 0xffffffffffffffffn
  for (const byte of data) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n
  }
  return crc ^ 0xffffffffffffffffn
}

async function libraryCrc64(...chunks: Uint8Array[]): Promise<bigint> {
  const createCrc64 = await loadCrc64()
  const hasher = createCrc64()
  for (const chunk of chunks) hasher.update(chunk)
  return hasher.digest()
}

describe('CRC-64/XZ', () => {
  it.each([
    ['', 0n],
    ['123456789', 11051210869376104954n],
    ['[Object Content]', 16749565679157681890n],
    ['[Object Part]', 4510578591875220731n],
  ])('of %j is the published value', async (text, expected) => {
    expect(await libraryCrc64(Buffer.from(text))).toBe(expected)
    expect(bitwiseCrc64(Buffer.from(text))).toBe(expected)
  })

  it('equals the bitwise definition on random bytes, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.nat(), async (data, at) => {
        const cut = data.length === 0 ? 0 : at % data.length
        const expected = bitwiseCrc64(data)
        expect(await libraryCrc64(data.subarray(0, cut), data.subarray(cut))).toBe(expected)
      }),
    )
  })

  it('is of each body alone, however several take turns, and may be asked midway', async () => {
    const createCrc64 = await loadCrc64()
    const bodies = [1, 2, 3].map((seed) => ({
      content: testBytes(40_000 + seed, seed),
      crc64: createCrc64(),
    }))
    for (let at = 0; at < 40_003; at += 20_000) {
      for (const { content, crc64 } of bodies) {
        crc64.update(content.subarray(at, at + 20_000))
        expect(crc64.digest()).toBe(bitwiseCrc64(content.subarray(0, at + 20_000)))
      }
    }
  })

  it('is combined from the CRCs of the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
        const combined = pieces.reduce(
          (crc, piece) => combineCrc64(crc, bitwiseCrc64(piece), piece.length),
          0n,
        )
        expect(combined).toBe(bitwiseCrc64(Buffer.concat(pieces)))
      }),
    )
  })

  it('is combined over lengths beyond 32 bits', () => {
    // Appending a zero byte n times, in one step or in two, must agree.
    const zeros = (length: number): bigint => combineCrc64(0n, 0n, length)
    expect(zeros(5)).toBe(0n)
    const crc = bitwiseCrc64(Buffer.from('part'))
    const length = 2 ** 40 + 12345
    expect(combineCrc64(combineCrc64(crc, 0n, length), 0n, 7)).toBe(combineCrc64(crc, 0n, length + 7))
  })
})
