/**
 * The CRC-64s that stores compute; both are reflected, with start and final xor all ones.
 *
 * - `crc64ecma`: CRC-64/XZ, with the polynomial of ECMA-182; COS computes it (COS 436/40334).
 * - `crc64nvme`: CRC-64/NVME (NVM Express NVM command set specification, "64b CRC"); S3 computes it (Amazon S3 user
 *   guide, "Checking object integrity").
 */
export type Crc64Type = 'crc64ecma' | 'crc64nvme'

/** Reflected: the top bit is the coefficient of x^0. */
export const polynomials: Readonly<Record<Crc64Type, bigint>> = {
  crc64ecma: 0xc96c5795d7870f42n,
  crc64nvme: 0x9a6c9329ac4bc9b5n,
}
