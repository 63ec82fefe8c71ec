import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { assembled } from '../../scripts/assemble.mjs'
import { bytesOf } from '../testing/bytes-of.js'
import { Md5Lanes } from './md5-lanes.js'

/** MD5 by OpenSSL. */
function expectedMd5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** Feeds `bytes` in chunks through one buffer, which is overwritten each time as by a reader. */
async function md5InPieces(lanes: Md5Lanes, bytes: Uint8Array, pieces: readonly number[]): Promise<string> {
  const md5 = lanes.begin()
  try {
    const buffer = new Uint8Array(bytes.length)
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = Math.min(pieces[turn % pieces.length] ?? bytes.length, bytes.length - at)
      buffer.set(bytes.subarray(at, at + size))
      await md5.update(buffer.subarray(0, size))
      buffer.fill(0xee)
      at += size
    }
    return md5.digest()
  } finally {
    md5.end()
  }
}

// RFC 1321, appendix A.5.
it.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
])('is that of the standard for %j', async (message, expected) => {
  const lanes = await Md5Lanes.create()
  expect(await md5InPieces(lanes, new TextEncoder().encode(message), [100])).toBe(expected)
})

const laneSize = 16 * 1024
it.each([0, 55, 56, 63, 64, 119, 120, 128, laneSize, 2 * laneSize, 5 * laneSize + 64])(
  'is right for %d bytes, one less and one more',
  async (edge) => {
    const lanes = await Md5Lanes.create()
    for (const size of [edge - 1, edge, edge + 1].filter((each) => each >= 0)) {
      const bytes = bytesOf(size)
      expect(await md5InPieces(lanes, bytes, [1_000_000])).toBe(expectedMd5(bytes))
    }
  },
)

describe('side by side', () => {
  it('messages of any number, length and pieces each get their own', async () => {
    const message = fc.record({
      size: fc.oneof(fc.nat(300), fc.nat(5 * laneSize)),
      seed: fc.nat(),
      pieces: fc.array(
        fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 3 * laneSize })),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 9 }), async (messages) => {
        const lanes = await Md5Lanes.create()
        const contents = messages.map(({ size, seed }) => bytesOf(size, seed))
        const md5s = await Promise.all(
          contents.map((bytes, index) => md5InPieces(lanes, bytes, messages[index]?.pieces ?? [])),
        )
        expect(md5s).toEqual(contents.map(expectedMd5))
      }),
      { numRuns: 60 },
    )
  })

  it('one goes on while another, begun, brings nothing', async () => {
    const lanes = await Md5Lanes.create()
    const silent = lanes.begin()
    const bytes = bytesOf(1000)
    expect(await md5InPieces(lanes, bytes, [1000])).toBe(expectedMd5(bytes))
    silent.end()
  })

  it('one that ends lets the others go on at once', async () => {
    const lanes = await Md5Lanes.create()
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const silent = lanes.begin()
    const other = lanes.begin()
    const hashed = other.update(bytesOf(640))
    silent.end()
    await hashed
    expect(other.digest()).toBe(expectedMd5(bytesOf(640)))
    other.end()
  })
})

it('is what its text assembles to', async () => {
  const inTree = await readFile(new URL('md5-module.ts', import.meta.url), 'utf8')
  expect(inTree).toBe(await assembled('md5/md5-module.ts'))
})
