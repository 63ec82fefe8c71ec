import { polynomials } from './polynomials.js'
import type { Crc64Type } from './polynomials.js'

/**
 * CRC-64 of a whole from the CRCs of its parts, without reading the bytes.
 *
 * Appending n bytes to a message multiplies its CRC by x^(8n) modulo the polynomial; start value and final xor cancel
 * out (as in zlib's crc32_combine). 64 bits are stored as two 32-bit halves, because BigInt is 20 times slower. Bits
 * are reflected: the top bit of `high` is the coefficient of x^0.
 */
interface Word {
  readonly high: number
  readonly low: number
}

/** The CRC-64 of a range, and its size. */
export interface Crc64Part {
  /** Unsigned decimal. */
  readonly crc64: string
  /** Bytes. */
  readonly size: number
}

/**
 * CRC-64 of A followed by B.
 *
 * @param crcA unsigned decimal
 * @param crcB unsigned decimal
 * @param lengthB bytes of B: a safe integer, 0 or more
 * @returns unsigned decimal
 * @throws RangeError when an argument is not such a number
 * @example combineCrc64(crcOfFirstPart, crcOfSecondPart, 8388608, 'crc64ecma')
 */
export function combineCrc64(crcA: string, crcB: string, lengthB: number, type: Crc64Type): string {
  const parts = [
    { crc64: crcA, size: 0 },
    { crc64: crcB, size: lengthB },
  ]
  return combineAll(parts, type)
}

/**
 * CRC-64 of all parts in order; `'0'`, the CRC of no bytes, if there are none. 10 000 parts take about 10 ms, because
 * parts of the same size share work.
 *
 * @returns unsigned decimal
 * @throws RangeError as {@link combineCrc64}
 */
export function combineAll(parts: Iterable<Crc64Part>, type: Crc64Type): string {
  const polynomial = wordOf(polynomials[type])
  const shifts = new Map<number, Word>()
  let total: Word = { high: 0, low: 0 }
  for (const { crc64, size } of parts) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new RangeError(`A length in bytes is a safe integer, 0 or more; got ${size}.`)
    }
    const { high, low } = toWord(crc64)
    // The first part needs no shift, which matters for many small files with one part each.
    if (total.high !== 0 || total.low !== 0) {
      const shift = shifts.get(size) ?? shiftBy(size, polynomial)
      shifts.set(size, shift)
      total = multiply(shift, total, polynomial)
    }
    total = { high: total.high ^ high, low: total.low ^ low }
  }
  return ((BigInt(total.high >>> 0) << 32n) | BigInt(total.low >>> 0)).toString()
}

/** a · b modulo the polynomial. */
function multiply(a: Word, b: Word, polynomial: Word): Word {
  let { high, low } = b
  let productHigh = 0
  let productLow = 0
  for (let degree = 0; degree < 64; degree++) {
    const bit = degree < 32 ? (a.high >>> (31 - degree)) & 1 : (a.low >>> (63 - degree)) & 1
    if (bit === 1) {
      productHigh ^= high
      productLow ^= low
    }
    const carry = low & 1
    low = (low >>> 1) | (high << 31)
    high >>>= 1
    if (carry === 1) {
      high ^= polynomial.high
      low ^= polynomial.low
    }
  }
  return { high: productHigh, low: productLow }
}

/** x^(8 · bytes) modulo the polynomial, by squaring. */
function shiftBy(bytes: number, polynomial: Word): Word {
  let result: Word = { high: 0x80000000, low: 0 } // x^0
  let power: Word = { high: 0x00800000, low: 0 } // x^8, one byte
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, power, polynomial)
    power = multiply(power, power, polynomial)
  }
  return result
}

function toWord(decimal: string): Word {
  const value = /^\d{1,20}$/.test(decimal) ? BigInt(decimal) : -1n
  if (value < 0n || value > 0xffffffffffffffffn) {
    throw new RangeError(`A CRC-64 is an unsigned decimal of 64 bits; got ${JSON.stringify(decimal)}.`)
  }
  return wordOf(value)
}

function wordOf(value: bigint): Word {
  return { high: Number(value >> 32n), low: Number(value & 0xffffffffn) }
}
