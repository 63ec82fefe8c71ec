import { Crc64NvmeJs } from '@aws-sdk/checksums/crc'
import fc from 'fast-check'
import { createCRC64 } from 'hash-wasm'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { assembled } from '../../scripts/assemble.mjs'
import { bytesOf } from '../testing/bytes-of.js'
import { Crc64Hasher } from './crc64-hasher.js'
import { multiples } from './multiples.js'
import { polynomials } from './polynomials.js'
import type { Crc64Type } from './polynomials.js'

const types: readonly Crc64Type[] = ['crc64ecma', 'crc64nvme']

/** An independent implementation: tables in C, compiled to WebAssembly. */
async function expectedCrc(bytes: Uint8Array, type: Crc64Type): Promise<string> {
  const hasher = await createCRC64(polynomials[type].toString(16))
  return BigInt(`0x${hasher.init().update(bytes).digest('hex')}`).toString()
}

function crcInPieces(hasher: Crc64Hasher, bytes: Uint8Array, pieces: readonly number[]): string {
  hasher.init()
  let at = 0
  for (const piece of pieces) {
    hasher.update(bytes.subarray(at, at + piece))
    at = Math.min(bytes.length, at + piece)
  }
  hasher.update(bytes.subarray(at))
  return hasher.digest()
}

describe.each(types)('%s', (type) => {
  it('has a multiple of eight terms, whole words apart', () => {
    const polynomial = polynomials[type]
    const exponents = multiples[type]
    const one = 1n << 63n
    let power = one
    let sum = one
    for (let exponent = 1; exponent <= exponents[0]; exponent++) {
      for (let bit = 0; bit < 64; bit++)
        power = (power & 1n) === 1n ? (power >> 1n) ^ polynomial : power >> 1n
      if (exponents.includes(exponent)) sum ^= power
    }
    expect(sum).toBe(0n)
    expect(exponents).toEqual(exponents.toSorted((a, b) => b - a))
    expect(new Set(exponents).size).toBe(7)
  })

  const window = multiples[type][0] * 8
  const chunk = 128 * 1024
  const edges = [0, 8, 32, 64, window, 2 * window, chunk, chunk + 32, chunk + window, 2 * chunk, 3 * chunk]
  it.each(edges)('is right for %d bytes, a few less and a few more', async (edge) => {
    const hasher = await Crc64Hasher.create(type)
    for (const size of [edge - 33, edge - 1, edge, edge + 1, edge + 31, edge + 33].filter(
      (some) => some >= 0,
    )) {
      const bytes = bytesOf(size, size + 1)
      hasher.init()
      hasher.update(bytes)
      expect([size, hasher.digest()]).toEqual([size, await expectedCrc(bytes, type)])
    }
  })

  it('does not care in what pieces the bytes come, nor what it computed before', async () => {
    const hasher = await Crc64Hasher.create(type)
    const bytes = bytesOf(700_000)
    const size = fc.integer({ min: 0, max: bytes.length })
    const pieces = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(size, pieces, async (length, some) => {
        const message = bytes.subarray(0, length)
        expect(crcInPieces(hasher, message, some)).toBe(await expectedCrc(message, type))
      }),
      { numRuns: 60 },
    )
  })

  it('sees each bit of a message, in the window or before', async () => {
    const hasher = await Crc64Hasher.create(type)
    const bytes = bytesOf(300_000)
    const whole = crcInPieces(hasher, bytes, [])
    const anywhere = fc.integer({ min: 0, max: bytes.length * 8 - 1 })
    fc.assert(
      fc.property(anywhere, (bit) => {
        const other = bytes.slice()
        other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(crcInPieces(hasher, other, [])).not.toBe(whole)
      }),
    )
  })
})

it("agrees with Amazon's SDK on a part", async () => {
  const bytes = bytesOf(1_000_003)
  const theirs = new Crc64NvmeJs()
  theirs.update(bytes)
  const expected = Buffer.from(await theirs.digest())
    .readBigUInt64BE()
    .toString()
  expect(crcInPieces(await Crc64Hasher.create('crc64nvme'), bytes, [])).toBe(expected)
})

// The catalogue of CRC algorithms (reveng.sourceforge.io), CRC-64/XZ and CRC-64/NVME.
it.each([
  ['crc64ecma', 0x995dc9bbdf1939fan],
  ['crc64nvme', 0xae8b14860a799888n],
] as const)('%s has the check value of the catalogue', async (type, check) => {
  const message = new TextEncoder().encode('123456789')
  const hasher = await Crc64Hasher.create(type)
  expect(BigInt(crcInPieces(hasher, message, []))).toBe(check)
  expect(BigInt(crcInPieces(hasher, message, [1, 3]))).toBe(check)
})

it('answers what the documents of COS have as an example', async () => {
  const message = new TextEncoder().encode('[Object Content]')
  expect(crcInPieces(await Crc64Hasher.create('crc64ecma'), message, [])).toBe('16749565679157681890')
})

it('runs what crc64.wat says', async () => {
  const inTree = await readFile(new URL('crc64-module.ts', import.meta.url), 'utf8')
  expect(inTree).toBe(await assembled('crc64/crc64-module.ts'))
})
