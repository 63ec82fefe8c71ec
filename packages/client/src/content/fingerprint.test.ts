import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computeFingerprint, sampleRanges } from './fingerprint.js'
import { SimFile } from '../testing/sim-file.js'
import { crc64, hex, simHasher } from '../testing/sim-hasher.js'
import { contentOf } from '../testing/sim-world.js'

const { signal } = new AbortController()
const mebibyte = 2 ** 20

test('the samples of a file of any size are within it, in order, without overlap, first and last bytes among them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 * 2 ** 40 }), (size) => {
      const ranges = sampleRanges(size)
      expect(ranges[0]?.start).toBe(0)
      expect(ranges.at(-1)?.end).toBe(size)
      let end = 0
      for (const range of ranges) {
        expect(range.start).toBeGreaterThanOrEqual(end)
        end = range.end
      }
      const sampled = ranges.reduce((sum, range) => sum + range.end - range.start, 0)
      expect(sampled).toBe(Math.min(size, 4 * mebibyte))
    }),
  )
})

test('layout 1 of a small file is size and SHA-256, with the MD5 for a single PUT', async () => {
  const bytes = contentOf(1000)
  expect(await computeFingerprint(new SimFile(bytes), simHasher, 'crc64ecma', signal)).toEqual({
    identity: `1:1000:${hex(bytes, 'sha256')}`,
    md5: Buffer.from(hex(bytes, 'md5'), 'hex').toString('base64'),
    digests: { md5: hex(bytes, 'md5'), crc64: crc64(bytes), size: 1000 },
    crc64Type: 'crc64ecma',
  })
})

test('layout 1 of a large file is size and SHA-256 of 16 ranges of 256 KiB', async () => {
  const bytes = contentOf(9 * mebibyte)
  const spread = (bytes.length - 256 * 1024) / 15
  const samples = Array.from({ length: 16 }, (_, index) => {
    const start = Math.floor(index * spread)
    return bytes.subarray(start, start + 256 * 1024)
  })
  expect(await computeFingerprint(new SimFile(bytes), simHasher, 'crc64ecma', signal)).toEqual({
    identity: `1:${bytes.length}:${hex(Buffer.concat(samples), 'sha256')}`,
    md5: null,
    digests: null,
    crc64Type: 'crc64ecma',
  })
})

test('an empty file has an identity too', async () => {
  const { identity, md5 } = await computeFingerprint(
    new SimFile(new Uint8Array()),
    simHasher,
    'crc64ecma',
    signal,
  )
  expect(identity).toBe('1:0:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(md5).toBe('1B2M2Y8AsgTpgAmY7PhCfg==')
})

test('neither name nor engine is part of it', async () => {
  const bytes = contentOf(5000)
  const one = await computeFingerprint(new SimFile(bytes, 'a.mp4'), simHasher, 'crc64ecma', signal)
  expect(await computeFingerprint(new SimFile(bytes, 'b.mov', true), simHasher, 'crc64ecma', signal)).toEqual(
    one,
  )
})
