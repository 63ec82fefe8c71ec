/**
 * Measures the processor time of our CRC-64 and of hash-wasm's, in alternation, with bodies of several sizes.
 *
 *   node --conditions=carryon-source --import tsx bench/crc64-throughput.ts
 */
import { Crc64Hasher } from '@carryon/hash'
import { createCRC64 } from 'hash-wasm'
import { summarize } from './runner/statistics.js'

const MiB = 1024 * 1024
const rounds = 5
const sizes = [8 * MiB, MiB, 200_000, 20_000]
/** Bytes hashed in each round. */
const enough = 256 * MiB

const library = await createCRC64()
const own = await Crc64Hasher.create('crc64ecma')
const hashers = [
  { name: 'hash-wasm', hash: (body: Uint8Array) => library.init().update(body).digest('hex') },
  {
    name: 'carryon',
    hash: (body: Uint8Array) => {
      own.init()
      own.update(body)
      return own.digest()
    },
  },
]

/** MiB per second of processor time. */
function throughput(hash: (body: Uint8Array) => string, body: Uint8Array): number {
  const times = Math.ceil(enough / body.length)
  const before = process.cpuUsage()
  for (let count = 0; count < times; count++) hash(body)
  const { user, system } = process.cpuUsage(before)
  return (times * body.length) / MiB / ((user + system) / 1e6)
}

for (const size of sizes) {
  const body = new Uint8Array(size).fill(7)
  const found = hashers.map(({ name, hash }) => ({ name, hash, rates: [] as number[] }))
  // The first round only lets the JavaScript and WebAssembly compilers warm up.
  for (let round = 0; round <= rounds; round++) {
    for (const { hash, rates } of found) {
      const rate = throughput(hash, body)
      if (round > 0) rates.push(rate)
    }
  }
  for (const { name, rates } of found) {
    const { median, min, max } = summarize(rates)
    const [middle, lowest, highest] = [median, min, max].map((rate) => rate.toFixed(0))
    console.log(`${size} bytes, ${name}: ${middle} MiB per processor second (${lowest} to ${highest})`)
  }
}
