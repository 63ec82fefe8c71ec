/**
 * Measures the processor time of our MD5 of several bodies at once and of hash-wasm's, in alternation.
 *
 *   node --conditions=carryon-source --import tsx bench/md5-throughput.ts
 */
import { Md5Lanes } from '@carryon/hash/md5'
import { createMD5 } from 'hash-wasm'
import { summarize } from './runner/statistics.js'

const MiB = 1024 * 1024
const rounds = 5
/** MiB hashed in each round, in pieces of 1 MiB. */
const enough = 384
const piece = new Uint8Array(MiB).fill(7)

const library = await createMD5()
const lanes = await Md5Lanes.create()

function withLibrary(): void {
  library.init()
  for (let count = 0; count < enough; count++) library.update(piece)
  library.digest()
}

async function sideBySide(bodies: number): Promise<void> {
  const one = async (): Promise<void> => {
    const md5 = lanes.begin()
    for (let count = 0; count < enough / bodies; count++) await md5.update(piece)
    md5.digest()
    md5.end()
  }
  await Promise.all(Array.from({ length: bodies }, one))
}

const found = [
  { name: 'hash-wasm', hash: async () => withLibrary(), rates: [] as number[] },
  ...[1, 2, 3, 4, 6].map((bodies) => ({
    name: `carryon, ${bodies} at once`,
    hash: () => sideBySide(bodies),
    rates: [] as number[],
  })),
]
// The first round only lets the JavaScript and WebAssembly compilers warm up.
for (let round = 0; round <= rounds; round++) {
  for (const { hash, rates } of found) {
    const before = process.cpuUsage()
    await hash()
    const { user, system } = process.cpuUsage(before)
    if (round > 0) rates.push(enough / ((user + system) / 1e6))
  }
}
for (const { name, rates } of found) {
  const { median, min, max } = summarize(rates)
  const [middle, lowest, highest] = [median, min, max].map((rate) => rate.toFixed(0))
  console.log(`${name}: ${middle} MiB per processor second (${lowest} to ${highest})`)
}
