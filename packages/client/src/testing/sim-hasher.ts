import { createHash } from 'node:crypto'
import type { Crc64Type } from '@carryon/hash'
import { createCRC64 } from 'hash-wasm'
import type { DigestName, Digests, Hasher } from '../ports.js'
import { readSlices, SimSlice } from './sim-file.js'

/** Digests computed at once, on the spot, of simulated files or of a text that the client made. */
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
  const digest = (name: DigestName): string => (isCrc64(name) ? crc64(bytes, name) : hex(bytes, name))
  const digests = names.map((name) => [isCrc64(name) ? 'crc64' : name, digest(name)] as const)
  return { ...Object.fromEntries(digests), size: bytes.length }
}

export function hex(bytes: Uint8Array, algorithm: 'md5' | 'sha256'): string {
  return createHash(algorithm).update(bytes).digest('hex')
}

const crc64Hashers = { crc64ecma: await createCRC64(), crc64nvme: await createCRC64('9a6c9329ac4bc9b5') }

function isCrc64(name: DigestName): name is Crc64Type {
  return name in crc64Hashers
}

/** Unsigned decimal. */
export function crc64(bytes: Uint8Array, type: Crc64Type = 'crc64ecma'): string {
  return BigInt(`0x${crc64Hashers[type].init().update(bytes).digest('hex')}`).toString()
}
