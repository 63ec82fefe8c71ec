import type { Crc64Type } from '@carryon/object-store'
import { expect, test } from 'vitest'
import { MemoryStore } from '@carryon/testing'
import { checksumsOf } from './checksums.js'

const store = (kind: Crc64Type | null) => {
  const memory = new MemoryStore()
  const capabilities = { ...memory.capabilities, partChecksum: kind, objectChecksum: kind }
  return Object.assign(Object.create(memory) as MemoryStore, { capabilities })
}

test.each([
  ['crc64ecma', 'crc64ecma', 'crc64ecma'],
  ['crc64nvme', 'crc64nvme', 'crc64nvme'],
  // Opened before the store's checksum was used.
  ['crc64nvme', 'crc64ecma', null],
  // The store's checksum could not be determined this time.
  [null, 'crc64nvme', null],
  [null, 'crc64ecma', null],
] as const)('a store with %s, an upload with %s: %s', (has, crc64Type, usable) => {
  const expected = { part: usable, object: usable, etagIsMd5: true }
  expect(checksumsOf({ store: store(has) }, { crc64Type, objectHeaders: null })).toEqual(expected)
})

test('an ETag is no MD5 where the object is encrypted with a key of a key management service', () => {
  const by = (encryption: object) =>
    checksumsOf(
      { store: store('crc64ecma') },
      { crc64Type: 'crc64ecma', objectHeaders: JSON.stringify({ encryption }) },
    ).etagIsMd5
  expect([by({ by: 'store' }), by({ by: 'kms' })]).toEqual([true, false])
})
