import { createHash } from 'node:crypto'
import type { Crc64Type } from '@carryon/object-store'

/** Pseudo-random bytes, equal for equal seeds. */
export function bytes(size: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4))
  let state = seed + 1
  for (let index = 0; index < words.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words[index] = state ^ (state >>> 15)
  }
  return new Uint8Array(words.buffer, 0, size)
}

export function concat(...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}

export function md5(bytes: Uint8Array, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash('md5').update(bytes).digest(encoding)
}

const tables = { crc64ecma: tableOf(0xc96c5795d7870f42n), crc64nvme: tableOf(0x9a6c9329ac4bc9b5n) }

function tableOf(polynomial: bigint): BigUint64Array {
  return BigUint64Array.from({ length: 256 }, (_, byte) => {
    let crc = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
    return crc
  })
}

/** Unsigned decimal CRC-64, implemented independently of the product code so that both cannot share a mistake. */
export function crc64(bytes: Uint8Array, type: Crc64Type = 'crc64ecma'): string {
  let crc = 0xffffffffffffffffn
  for (const byte of bytes) crc = (crc >> 8n) ^ (tables[type][Number(crc & 0xffn) ^ byte] ?? 0n)
  return (crc ^ 0xffffffffffffffffn).toString()
}
