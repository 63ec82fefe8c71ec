import { createHash } from 'node:crypto'
import { createCRC64 } from 'hash-wasm'
import type { DigestName, Digests, Hasher } from '../seams.js'
import { readSlices, SimSlice } from './sim-file.js'

/** Digests computed at once, on the spot, of simulated files or of a text that the engine made. */
export const simHasher: Hasher = {
  hash: async (slices, digests, signal) => {
    signal.throwIfAborted()
    const [first] = slices
    if (first === undefined || first instanceof SimSlice) return digestsOf(readSlices(slices), digests)
    return digestsOf(new Uint8Array(await new Blob([...slices]).arrayBuffer()), digests)
  },
  close: () => undefined,
}

export function digestsOf(bytes: Uint8Array, names: readonly DigestName[]): Digests {
  const digest = (name: DigestName): string => (name === 'crc64' ? crc64(bytes) : hex(bytes, name))
  return { ...Object.fromEntries(names.map((name) => [name, digest(name)])), size: bytes.length }
}

export function hex(bytes: Uint8Array, algorithm: 'md5' | 'sha256'): string {
  return createHash(algorithm).update(bytes).digest('hex')
}

const crc64Hasher = await createCRC64()

/** CRC-64/XZ, unsigned decimal. */
export function crc64(bytes: Uint8Array): string {
  return BigInt(`0x${crc64Hasher.init().update(bytes).digest('hex')}`).toString()
}
