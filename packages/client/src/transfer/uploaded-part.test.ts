import { expect, test } from 'vitest'
import { checkPart, digestsFor, unquoted } from './uploaded-part.js'
import type { Checksums } from './uploaded-part.js'

const cos: Checksums = { part: 'crc64ecma', object: 'crc64ecma', etagIsMd5: true }
const nvme: Checksums = { part: 'crc64nvme', object: 'crc64nvme', etagIsMd5: true }
const s3: Checksums = { part: null, object: null, etagIsMd5: true }
const opaque: Checksums = { part: null, object: null, etagIsMd5: false }
const digests = { crc64: '42', md5: 'abc', size: 7 }
const part = { size: 7, etag: 'abc', crc64: '42' }

test.each([
  [
    'the same CRC-64',
    { etag: '"abc"', 'x-cos-hash-crc64ecma': '42' },
    cos,
    { outcome: 'equal', by: 'part-crc64', part },
  ],
  ['another CRC-64', { etag: '"abc"', 'x-cos-hash-crc64ecma': '43' }, cos, { outcome: 'different' }],
  [
    'a hidden CRC-64, the same MD5',
    { etag: '"ABC"' },
    cos,
    { outcome: 'equal', by: 'part-md5', part: { ...part, etag: 'ABC' } },
  ],
  [
    'the same CRC-64/NVME',
    { etag: '"abc"', 'x-amz-checksum-crc64nvme': 'AAAAAAAAACo=' },
    nvme,
    { outcome: 'equal', by: 'part-crc64', part },
  ],
  [
    'another CRC-64/NVME',
    { etag: '"abc"', 'x-amz-checksum-crc64nvme': 'AAAAAAAAACs=' },
    nvme,
    { outcome: 'different' },
  ],
  ['no CRC-64/NVME, and another MD5', { etag: '"abd"' }, nvme, { outcome: 'different' }],
  [
    'a checksum of checksums, and the same MD5',
    { etag: '"abc"', 'x-amz-checksum-crc64nvme': 'AAAAAAAAACs=-2' },
    nvme,
    { outcome: 'equal', by: 'part-md5', part },
  ],
  [
    'a CRC-64/NVME that nobody asked for',
    { etag: '"abc"', 'x-amz-checksum-crc64nvme': 'AAAAAAAAACs=' },
    s3,
    { outcome: 'equal', by: 'part-md5', part },
  ],
  ['the same MD5', { etag: '"abc"' }, s3, { outcome: 'equal', by: 'part-md5', part }],
  ['another MD5', { etag: '"abd"' }, s3, { outcome: 'different' }],
  ['an ETag that says nothing', { etag: 'abc' }, opaque, { outcome: 'equal', by: 'size', part }],
])('the answer has %s', (_, headers, checksums, check) => {
  expect(checkPart({ headers }, digests, checksums)).toEqual(check)
})

test.each([cos, nvme])('a hidden CRC-64 asks for the MD5: %j', (checksums) => {
  const check = checkPart({ headers: { etag: '"abc"' } }, { crc64: '42', size: 7 }, checksums)
  expect(check).toEqual({ outcome: 'needs-md5' })
})

test.each([cos, nvme, s3, opaque])(
  'where nothing is to be seen, it is named as a matter of CORS: %j',
  (checksums) => {
    expect(checkPart({ headers: {} }, digests, checksums)).toMatchObject({
      outcome: 'misconfigured',
      message: expect.stringMatching(
        /ExposeHeader .*If they are there, an extension or a proxy takes them away\.$/,
      ) as unknown,
    })
  },
)

test("a store's CRC-64 counts whatever else its header is called, and only its kind", () => {
  const checksums = { part: 'crc64ecma', object: 'crc64ecma', etagIsMd5: false } as const
  const headers = (name: string) => ({ etag: '"e"', [name]: 'another' })
  expect(checkPart({ headers: headers('x-acme-hash-crc64ecma') }, digests, checksums).outcome).toBe(
    'different',
  )
  expect(checkPart({ headers: headers('x-acme-hash-crc64nvme') }, digests, checksums)).toMatchObject({
    by: 'size',
  })
})

test('without an ETag the CRC-64 suffices', () => {
  expect(checkPart({ headers: { 'x-cos-hash-crc64ecma': '42' } }, digests, cos)).toEqual({
    outcome: 'equal',
    by: 'part-crc64',
    part: { size: 7, etag: '', crc64: '42' },
  })
  const other = { headers: { 'x-cos-hash-crc64ecma': '43' } }
  expect(checkPart(other, digests, cos)).toEqual({ outcome: 'different' })
})

test('computes no more than the store lets one compare', () => {
  expect(digestsFor(cos, 'crc64ecma')).toEqual(['crc64ecma'])
  expect(digestsFor(nvme, 'crc64nvme')).toEqual(['crc64nvme'])
  expect(digestsFor(s3, 'crc64ecma')).toEqual(['crc64ecma', 'md5'])
  expect(digestsFor(opaque, 'crc64ecma')).toEqual(['crc64ecma'])
})

test.each([
  ['"abc"', 'abc'],
  ['W/"abc"', 'abc'],
  ['abc', 'abc'],
  [undefined, ''],
])('%s without quotes is %s', (etag, bare) => {
  expect(unquoted(etag)).toBe(bare)
})
