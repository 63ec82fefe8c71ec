import type { Crc64Type } from '@carryon/object-store'
import { expect, test } from 'vitest'
import { MemoryStore } from '../testing/memory-store.js'
import { checksumsOf } from './checksums.js'

const store = (kind: Crc64Type | null) => {
  const memory = new MemoryStore()
  const capabilities = { ...memory.capabilities, partChecksum: kind, objectChecksum: kind }
  return Object.assign(Object.create(memory) as MemoryStore, { capabilities })
}

test.each([
  ['crc64ecma', 'crc64ecma', 'crc64ecma'],
  ['crc64nvme', 'crc64nvme', 'crc64nvme'],
  // Opened before the store's checksum was made use of.
  ['crc64nvme', 'crc64ecma', null],
  // The store could not be tried out this time.
  [null, 'crc64nvme', null],
  [null, 'crc64ecma', null],
] as const)('a store with %s, an upload with %s: %s', (has, crc64Type, usable) => {
  const expected = { part: usable, object: usable, etagIsMd5: true }
  expect(checksumsOf({ store: store(has) }, { crc64Type })).toEqual(expected)
})
