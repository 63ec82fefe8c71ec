import { expect, test } from 'vitest'
import { checkReceipt, digestsFor, unquoted } from './receipt.js'
import type { Checksums } from './receipt.js'

const cos: Checksums = { part: 'crc64ecma', object: 'crc64ecma', etagIsMd5: true }
const s3: Checksums = { part: null, object: null, etagIsMd5: true }
const opaque: Checksums = { part: null, object: null, etagIsMd5: false }
const digests = { crc64: '42', md5: 'abc', size: 7 }
const receipt = { size: 7, etag: 'abc', crc64: '42' }

test.each([
  [
    'the same CRC-64',
    { etag: '"abc"', 'x-cos-hash-crc64ecma': '42' },
    cos,
    { outcome: 'equal', by: 'part-crc64', receipt },
  ],
  ['another CRC-64', { etag: '"abc"', 'x-cos-hash-crc64ecma': '43' }, cos, { outcome: 'different' }],
  [
    'a hidden CRC-64, the same MD5',
    { etag: '"ABC"' },
    cos,
    { outcome: 'equal', by: 'part-md5', receipt: { ...receipt, etag: 'ABC' } },
  ],
  ['the same MD5', { etag: '"abc"' }, s3, { outcome: 'equal', by: 'part-md5', receipt }],
  ['another MD5', { etag: '"abd"' }, s3, { outcome: 'different' }],
  ['an ETag that says nothing', { etag: 'abc' }, opaque, { outcome: 'equal', by: 'size', receipt }],
])('the answer has %s', (_, headers, checksums, check) => {
  expect(checkReceipt({ headers }, digests, checksums)).toEqual(check)
})

test('a hidden CRC-64 asks for the MD5', () => {
  expect(checkReceipt({ headers: { etag: '"abc"' } }, { crc64: '42', size: 7 }, cos)).toEqual({
    outcome: 'needs-md5',
  })
})

test('a hidden ETag is named as a matter of CORS', () => {
  expect(checkReceipt({ headers: {} }, digests, cos)).toMatchObject({
    outcome: 'misconfigured',
    message: expect.stringContaining('ExposeHeader') as unknown,
  })
})

test('computes no more than the store lets one compare', () => {
  expect(digestsFor(cos)).toEqual(['crc64'])
  expect(digestsFor(s3)).toEqual(['crc64', 'md5'])
  expect(digestsFor(opaque)).toEqual(['crc64'])
})

test.each([
  ['"abc"', 'abc'],
  ['W/"abc"', 'abc'],
  ['abc', 'abc'],
  [undefined, ''],
])('%s without quotes is %s', (etag, bare) => {
  expect(unquoted(etag)).toBe(bare)
})
