import { sha256 as digestOf } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** Lower-case hex. For pages without WebCrypto, in a file of its own so that no other page loads it. */
export function sha256(bytes: Uint8Array): string {
  return bytesToHex(digestOf(bytes))
}
