import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ObjectHeaders } from './store-calls.js'
import { dialects } from './dialects/index.js'
import { encodeMetadata, objectHeaders } from './object-headers.js'

describe('encodeMetadata', () => {
  test.each([
    ['7', '7'],
    ['a-b_c.d~(e)', 'a-b_c.d~(e)'],
    ['album 7', 'album%207'],
    ['100%', '100%25'],
    ['假期', '%E5%81%87%E6%9C%9F'],
    ['😀', '%F0%9F%98%80'],
    ['a\r\nx-cos-acl: public-read', 'a%0D%0Ax-cos-acl:%20public-read'],
  ])('%j is stored as %j', (text, stored) => {
    expect(encodeMetadata(text)).toBe(stored)
  })

  test('whatever the text, it is one word of printable ASCII from which it can be read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/\p{Surrogate}/u.test(text))
        const stored = encodeMetadata(text)
        expect(stored).toMatch(/^[\x21-\x7e]*$/u)
        expect(decodeURIComponent(stored)).toBe(text)
      }),
    )
  })
})

test.each([
  ['cos', 'x-cos-meta-album'],
  ['s3', 'x-amz-meta-album'],
] as const)('%s keeps metadata in %s', (dialect, header) => {
  const headers = { contentType: 'text/plain', cacheControl: 'no-cache', metadata: { album: '7 a' } }
  expect(objectHeaders(headers, dialects[dialect])).toEqual({
    'content-type': 'text/plain',
    'cache-control': 'no-cache',
    [header]: '7%20a',
  })
})

test.each([
  ['cos', 'x-cos', 'cos/kms', 'x-cos-server-side-encryption-cos-kms-key-id'],
  ['s3', 'x-amz', 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id'],
] as const)('%s has its own names for storage class, tags and encryption', (dialect, prefix, kms, key) => {
  const of = (headers: ObjectHeaders) => objectHeaders(headers, dialects[dialect])
  expect(
    of({ storageClass: 'STANDARD_IA', tags: { plan: 'pro', 'a b': 'x=1&y' }, encryption: { by: 'store' } }),
  ).toEqual({
    [`${prefix}-storage-class`]: 'STANDARD_IA',
    [`${prefix}-tagging`]: 'plan=pro&a%20b=x%3D1%26y',
    [`${prefix}-server-side-encryption`]: 'AES256',
  })
  expect(of({ encryption: { by: 'kms', keyId: 'key-1' } })).toEqual({
    [`${prefix}-server-side-encryption`]: kms,
    [key]: 'key-1',
  })
  expect(of({ encryption: { by: 'kms' } })).not.toHaveProperty(key)
  expect(of({ tags: {} })).toEqual({})
})
