const polynomial = 0xc96c5795d7870f42n

const table = Array.from({ length: 256 }, (_, byte) => {
  let crc = BigInt(byte)
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
  return crc
})
const tableLow = Uint32Array.from(table, (crc) => Number(crc & 0xffffffffn))
const tableHigh = Uint32Array.from(table, (crc) => Number(crc >> 32n))

/** CRC-64/XZ byte by byte: simple, and independent of the server's implementation. Unsigned decimal. */
export function crc64Of(bytes: Uint8Array): string {
  let low = -1
  let high = -1
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0)
    high = (high >>> 8) ^ (tableHigh[index] ?? 0)
  }
  return String((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0))
}
