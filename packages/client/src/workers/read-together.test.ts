import { expect, it, vi } from 'vitest'
import { readTogether } from './read-together.js'

const KiB = 1024
/** Bytes that differ by `seed`, so that slices can be told apart. */
const content = (seed: number, size = 200 * KiB): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, index) => (index * 31 + seed) & 0xff)

/** Counts the reads while `work` runs. */
async function readsOf(work: () => Promise<void>): Promise<number> {
  const spy = vi.spyOn(Blob.prototype, 'arrayBuffer')
  try {
    await work()
    return spy.mock.calls.length
  } finally {
    spy.mockRestore()
  }
}

function unreadable(size = 200 * KiB): Blob {
  const blob = new Blob([content(0, size)])
  return Object.assign(blob, { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) })
}

it('reads what is wanted in one turn in one go, each slice with its own bytes', async () => {
  const all = Array.from({ length: 10 }, (_, seed) => content(seed, (seed + 1) * 10_000))
  const reads = await readsOf(async () => {
    const read = await Promise.all(all.map((bytes) => readTogether(new Blob([bytes]))))
    expect(read.map((bytes) => Buffer.from(bytes).equals(all[read.indexOf(bytes)] ?? Buffer.of()))).toEqual(
      all.map(() => true),
    )
  })
  expect(reads).toBe(1)
})

it('goes on with what came meanwhile, and reads at most 4 MiB at once', async () => {
  const slices = Array.from({ length: 50 }, (_, seed) => new Blob([content(seed)]))
  const reads = await readsOf(async () => {
    const first = readTogether(new Blob([content(99)]))
    await Promise.resolve()
    const read = await Promise.all(slices.map((slice) => readTogether(slice)))
    expect((await first)[0]).toBe(99)
    expect(read.map(([byte]) => byte)).toEqual(slices.map((_, seed) => seed))
  })
  // A single one, then twice twenty of 200 KiB, then the remaining ten.
  expect(reads).toBe(4)
})

it('fails nobody for a file that cannot be read but the one who asked for it', async () => {
  const bad = unreadable()
  // Simulates a Blob that contains it in a browser; in Node a Blob has its own copy of the bytes.
  const spy = vi.spyOn(Blob.prototype, 'arrayBuffer').mockImplementation(function (this: Blob) {
    return this.size > 500 * KiB
      ? Promise.reject(new DOMException('gone', 'NotFoundError'))
      : new Response(this).arrayBuffer()
  })
  try {
    const [one, two, three] = await Promise.allSettled([
      readTogether(new Blob([content(1)])),
      readTogether(bad),
      readTogether(new Blob([content(3)])),
    ])
    expect(one).toMatchObject({ status: 'fulfilled' })
    expect(two).toMatchObject({ status: 'rejected', reason: { reason: 'source-unreadable' } })
    expect(three).toMatchObject({ status: 'fulfilled' })
  } finally {
    spy.mockRestore()
  }
})
