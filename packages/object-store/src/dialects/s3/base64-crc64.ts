import { toHex } from '../../crypto/hmac.js'

const eightBytes = /^[0-9A-Za-z+/]{11}=$/

/**
 * A CRC-64 as S3 writes it, eight bytes with the highest first in Base64, in unsigned decimal; `undefined` when it is
 * none: a checksum of checksums (`…=-4`), for one, is not of the bytes.
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
