const polynomial = 0xc96c5795d7870f42n
const ones = 0xffffffffffffffffn

const table = BigUint64Array.from({ length: 256 }, (_, byte) => {
  let crc = BigInt(byte)
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
  return crc
})

/** CRC-64/XZ a byte at a time: plain, and independent of what the store room computes. Unsigned decimal. */
export function crc64Of(bytes: Uint8Array): string {
  let crc = ones
  for (const byte of bytes) crc = (table[Number(crc & 0xffn) ^ byte] ?? 0n) ^ (crc >> 8n)
  return String(crc ^ ones)
}
