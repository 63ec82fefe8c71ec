import { toHex } from '../../crypto/hmac.js'

const eightBytes = /^[0-9A-Za-z+/]{11}=$/

/**
 * Converts a CRC-64 in S3's format, eight big-endian bytes in Base64, to unsigned decimal; `undefined` if it is not
 * one. A checksum of checksums (`…=-4`), for example, is not a CRC of the content.
 *
 * @example readBase64Crc64('rosUhgp5mIg=') // '12577168950296156296'
 */
export function readBase64Crc64(text: string): string | undefined {
  if (!eightBytes.test(text)) return undefined
  const bytes = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))
  return BigInt(`0x${toHex(bytes)}`).toString()
}

/** The reverse of {@link readBase64Crc64}. @param crc64 unsigned decimal */
export function writeBase64Crc64(crc64: string): string {
  const hex = BigInt(crc64).toString(16).padStart(16, '0')
  const bytes = hex.match(/../g) ?? []
  return btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))))
}
