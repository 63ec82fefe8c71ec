import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { createCRC64 } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { testBytes } from '../testing/client.js'
import { HashedBody, LockstepHasher } from './lockstep-hasher.js'
import { foldedBytes, laneBytes } from './wasm/memory-layout.js'

const hasher = new LockstepHasher()
const library = await createCRC64()

interface Hex {
  readonly md5: string
  readonly crc64: string
}

/** What Node's OpenSSL and hash-wasm say. */
function expected(content: Uint8Array): Hex {
  return {
    md5: createHash('md5').update(content).digest('hex'),
    crc64: library.init().update(content).digest('hex'),
  }
}

function finish(body: HashedBody, size: number): Hex {
  const { md5, crc64 } = hasher.finish(body, size)
  return { md5: md5.toString('hex'), crc64: crc64.toString(16).padStart(16, '0') }
}

/** Never gives more than `atMost` bytes at a time, as a system call may. */
function bodyOf(content: Uint8Array, atMost = Infinity): HashedBody {
  return new HashedBody((into, position) => {
    const bytes = content.subarray(position, position + Math.min(into.length, atMost))
    into.set(bytes)
    return bytes.length
  })
}

describe('hashing bodies in lockstep', () => {
  const blocks = [0, 1, 8, 55, 56, 57, 63, 64, 65, 119, 120, 121, 127, 128, 129]
  const folded = [foldedBytes, foldedBytes + 64].flatMap((size) => [size - 16, size - 1, size, size + 1])
  const lanes = [laneBytes, 2 * laneBytes, laneBytes + foldedBytes].flatMap((size) => [
    size - 1,
    size,
    size + 1,
  ])

  it.each([...blocks, ...folded, ...lanes, 1_000_003])('hashes a body of %i bytes', (size) => {
    const content = testBytes(size, size)
    const body = bodyOf(content)
    expect(hasher.advance([{ body, end: size }]).size).toBe(0)
    expect(finish(body, size)).toEqual(expected(content))
  })

  it('hashes a body whose bytes are all alike', () => {
    for (const byte of [0, 0xff]) {
      const content = new Uint8Array(100_000).fill(byte)
      const body = bodyOf(content)
      hasher.advance([{ body, end: content.length }])
      expect(finish(body, content.length)).toEqual(expected(content))
    }
  })

  it('gives each its own digests, whoever shares the lanes and however far each is taken at a time', () => {
    const steps = fc.array(
      fc.uniqueArray(fc.record({ index: fc.nat(5), bytes: fc.nat(200_000) }), {
        selector: ({ index }) => index,
        maxLength: 4,
      }),
      { maxLength: 12 },
    )
    const sizes = fc.array(fc.nat(400_000), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(sizes, steps, fc.integer({ min: 1000, max: 300_000 }), (sizes, steps, atMost) => {
        const contents = sizes.map((size, seed) => testBytes(size, seed))
        const open = contents.map((content) => ({ content, body: bodyOf(content, atMost), written: 0 }))
        for (const step of steps) {
          const goals = step.flatMap(({ index, bytes }) => {
            const one = open[index]
            if (one === undefined) return []
            one.written = Math.min(one.content.length, one.written + bytes)
            return [{ body: one.body, end: one.written }]
          })
          expect(hasher.advance(goals).size).toBe(0)
        }
        for (const { content, body } of open) {
          hasher.advance([{ body, end: content.length }])
          expect(finish(body, content.length)).toEqual(expected(content))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('says which body cannot be read, and goes on with the others', () => {
    const contents = [300_000, 500_000, 200_000].map((size) => testBytes(size, size))
    const bodies = contents.map((content) => bodyOf(content))
    const [, , short] = bodies
    const failures = hasher.advance(bodies.map((body) => ({ body, end: body === short ? 400_000 : 300_000 })))
    expect([...failures.keys()]).toEqual([short])
    for (const [index, body] of bodies.entries()) {
      const content = contents[index] ?? new Uint8Array()
      if (body === short) continue
      hasher.advance([{ body, end: content.length }])
      expect(finish(body, content.length)).toEqual(expected(content))
    }
  })

  it('refuses to finish a body whose last bytes are missing', () => {
    const body = bodyOf(testBytes(100))
    hasher.advance([{ body, end: 100 }])
    expect(() => hasher.finish(body, 110)).toThrow('shorter')
  })

  it('writes the length of a body beyond 2^32 bits', () => {
    const size = 2 ** 29 + 64 + 5
    const block = testBytes(laneBytes, 1)
    const md5 = createHash('md5')
    library.init()
    for (let at = 0; at < size; at += block.length) {
      const piece = block.subarray(0, size - at)
      md5.update(piece)
      library.update(piece)
    }
    const body = new HashedBody((into, position) => {
      const bytes = block.subarray(position % laneBytes, (position % laneBytes) + into.length)
      into.set(bytes)
      return bytes.length
    })
    hasher.advance([{ body, end: size }])
    expect(finish(body, size)).toEqual({ md5: md5.digest('hex'), crc64: library.digest('hex') })
  }, 60_000)
})
