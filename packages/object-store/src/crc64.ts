/**
 * CRC-64/XZ of a whole from the CRCs of its parts, without the bytes: the checksum that COS calls
 * `x-cos-hash-crc64ecma` (COS 436/40334; reflected polynomial 0xC96C5795D7870F42, start and final xor all ones).
 *
 * Appending n bytes to a message multiplies its CRC by x^(8n) modulo the polynomial; start value and final xor
 * cancel out (as in zlib's crc32_combine). 64 bits are held as two 32-bit halves, for BigInt is 20 times slower.
 * Bits are reflected: the top bit of `high` is the coefficient of x^0.
 */
interface Word {
  readonly high: number
  readonly low: number
}

const polynomialHigh = 0xc96c5795
const polynomialLow = 0xd7870f42

export interface Crc64Part {
  /** CRC-64/XZ, unsigned decimal. */
  readonly crc64: string
  /** Bytes. */
  readonly size: number
}

/**
 * CRC-64/XZ of A followed by B.
 *
 * @param crcA unsigned decimal
 * @param crcB unsigned decimal
 * @param lengthB bytes of B: a safe integer, 0 or more
 * @returns unsigned decimal
 * @throws RangeError when an argument is not such a number
 * @example combineCrc64(crcOfFirstPart, crcOfSecondPart, 8388608)
 */
export function combineCrc64(crcA: string, crcB: string, lengthB: number): string {
  return toDecimal(append(toWord(crcA), toWord(crcB), shiftBy(lengthB)))
}

/**
 * CRC-64/XZ of all parts in order; `'0'`, the CRC of nothing, for none. 10 000 parts take some 10 ms: parts of one
 * size share the work.
 *
 * @returns unsigned decimal
 * @throws RangeError as {@link combineCrc64}
 */
export function combineAll(parts: Iterable<Crc64Part>): string {
  const shifts = new Map<number, Word>()
  let total: Word = { high: 0, low: 0 }
  for (const { crc64, size } of parts) {
    const shift = shifts.get(size) ?? shiftBy(size)
    shifts.set(size, shift)
    total = append(total, toWord(crc64), shift)
  }
  return toDecimal(total)
}

function append(a: Word, b: Word, shift: Word): Word {
  const shifted = multiply(shift, a)
  return { high: (shifted.high ^ b.high) >>> 0, low: (shifted.low ^ b.low) >>> 0 }
}

/** a · b modulo the polynomial. */
function multiply(a: Word, b: Word): Word {
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
      high ^= polynomialHigh
      low ^= polynomialLow
    }
  }
  return { high: productHigh >>> 0, low: productLow >>> 0 }
}

/** x^(8 · bytes) modulo the polynomial, by squaring. */
function shiftBy(bytes: number): Word {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new RangeError(`A length in bytes is a safe integer, 0 or more; got ${bytes}.`)
  }
  let result: Word = { high: 0x80000000, low: 0 } // x^0
  let power: Word = { high: 0x00800000, low: 0 } // x^8, one byte
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, power)
    power = multiply(power, power)
  }
  return result
}

function toWord(decimal: string): Word {
  const value = /^\d{1,20}$/.test(decimal) ? BigInt(decimal) : -1n
  if (value < 0n || value > 0xffffffffffffffffn) {
    throw new RangeError(`A CRC-64 is an unsigned decimal of 64 bits; got ${JSON.stringify(decimal)}.`)
  }
  return { high: Number(value >> 32n), low: Number(value & 0xffffffffn) }
}

function toDecimal({ high, low }: Word): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString()
}
