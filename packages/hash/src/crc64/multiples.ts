import type { Crc64Type } from './polynomials.js'

/**
 * A multiple of a polynomial with eight terms only: the sum of x^(64 e) over these exponents e, and x^0, is 0 modulo the
 * polynomial. In falling order.
 */
export type Exponents = readonly [number, number, number, number, number, number, number]

/**
 * A polynomial of degree 64 has multiples of eight terms in steps of x^64 from about the 1 900th power on; these were
 * found by meeting in the middle, sums of four powers with sums of four others. That they are multiples is tested.
 */
export const multiples: Readonly<Record<Crc64Type, Exponents>> = {
  crc64ecma: [1911, 1798, 1287, 1163, 1133, 861, 164],
  crc64nvme: [2201, 2109, 2011, 1414, 1242, 193, 118],
}
