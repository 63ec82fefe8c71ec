export { combineAll, combineCrc64 } from './crc64/combine-crc64.js'
export type { Crc64Part } from './crc64/combine-crc64.js'
export { Crc64Hasher } from './crc64/crc64-hasher.js'
export type { Crc64Type } from './crc64/polynomials.js'
