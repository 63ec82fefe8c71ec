import type { Crc64Type } from './combine-crc64.js'

/** What a CRC-64 is computed with. */
export interface Crc64Kind {
  /** Reflected: the top bit is the coefficient of x^0. */
  readonly polynomial: bigint
  /**
   * A multiple of the polynomial with eight terms only: the sum of x^(64 e) over these exponents e, and x^0, is 0 modulo
   * the polynomial. In falling order, as {@link distancesOf} wants it.
   */
  readonly exponents: readonly [number, number, number, number, number, number, number]
}

/**
 * Where the polynomials come from says {@link Crc64Type}. A polynomial of degree 64 has multiples of eight
 * terms in steps of x^64 from about the 1 900th power on; these were found by meeting in the middle, sums of four powers
 * with sums of four others. That they are multiples is tested.
 */
export const kinds: Readonly<Record<Crc64Type, Crc64Kind>> = {
  crc64ecma: {
    polynomial: 0xc96c5795d7870f42n,
    exponents: [1911, 1798, 1287, 1163, 1133, 861, 164],
  },
  crc64nvme: {
    polynomial: 0x9a6c9329ac4bc9b5n,
    exponents: [2201, 2109, 2011, 1414, 1242, 193, 118],
  },
}
