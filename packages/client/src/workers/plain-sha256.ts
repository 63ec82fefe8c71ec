import { sha256 as digestOf } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** SHA-256 in lower-case hex for pages without Web Crypto; in a separate file, so that other pages do not load it. */
export function sha256(bytes: Uint8Array): string {
  return bytesToHex(digestOf(bytes))
}
