import type { Crc64Type } from './polynomials.js'

/**
 * A multiple of a polynomial with only eight terms: the sum of x^(64 e) over these exponents e, and x^0, is 0 modulo
 * the polynomial. In descending order.
 */
export type Exponents = readonly [number, number, number, number, number, number, number]

/**
 * A polynomial of degree 64 has multiples with eight terms in steps of x^64 from about the 1 900th power on; these
 * were found by a meet-in-the-middle search over sums of four powers. A test checks that they are multiples.
 */
export const multiples: Readonly<Record<Crc64Type, Exponents>> = {
  crc64ecma: [1911, 1798, 1287, 1163, 1133, 861, 164],
  crc64nvme: [2201, 2109, 2011, 1414, 1242, 193, 118],
}
