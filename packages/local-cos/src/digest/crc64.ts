import { createCRC64, type IHasher } from 'hash-wasm'

/**
 * CRC-64/XZ (ECMA-182, reflected, all-ones in and out): what COS sends as `x-cos-hash-crc64ecma`, in unsigned decimal.
 * Source: https://cloud.tencent.com/document/product/436/40334
 */
const polynomial = 0xc96c5795d7870f42n
const topBit = 1n << 63n

export interface Crc64Hasher {
  update(data: Uint8Array): void
  /** CRC of all bytes so far. */
  digest(): bigint
}

/**
 * All hashers of a thread share one instance and save its state of eight bytes; separate instances would take
 * 70 KiB each.
 */
let instance: Promise<IHasher> | undefined

/** Resolves to a function that creates hashers. WebAssembly, over 1 GiB per second and core. */
export async function loadCrc64(): Promise<() => Crc64Hasher> {
  instance ??= createCRC64()
  const hasher = await instance
  return () => {
    let state = hasher.init().save()
    return {
      update: (data) => {
        hasher.load(state)
        state = hasher.update(data).save()
      },
      digest: () => {
        hasher.load(state)
        return BigInt(`0x${hasher.digest('hex')}`)
      },
    }
  }
}

/**
 * CRC of two concatenated byte strings, from their CRCs and the second one's length: appending n bytes
 * multiplies the first CRC by x^8n modulo the polynomial. The bit order is reflected, as in zlib's
 * `crc32_combine`.
 */
export function combineCrc64(first: bigint, second: bigint, secondLength: number): bigint {
  return multiply(powerFor(secondLength), first) ^ second
}

/** a·b modulo the polynomial, where bit 63 is the coefficient of x^0. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = topBit; bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted
    shifted = (shifted & 1n) === 0n ? shifted >> 1n : (shifted >> 1n) ^ polynomial
  }
  return product
}

/** Repeated squares: entry k is x^(8·2^k). Enough for any length a double can represent exactly. */
const powersOfTwo: readonly bigint[] = (() => {
  const powers = [topBit >> 8n]
  for (let power = powers[0] ?? 0n; powers.length < 53; powers.push(power)) power = multiply(power, power)
  return powers
})()

/** Nearly all parts of an upload have the same length, so the last power is cached. */
let lastPower = { length: 0, power: topBit }

function powerFor(length: number): bigint {
  if (lastPower.length !== length) {
    let power = topBit
    for (let rest = length, k = 0; rest > 0; rest = Math.floor(rest / 2), k++) {
      if (rest % 2 === 1) power = multiply(power, powersOfTwo[k] ?? 0n)
    }
    lastPower = { length, power }
  }
  return lastPower.power
}
