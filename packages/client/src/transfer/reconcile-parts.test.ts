import { expect, test } from 'vitest'
import { planParts } from '@carryon/protocol'
import { reconcileParts } from './reconcile-parts.js'

const plan = planParts(35, 10)
const uploadedPart = (etag: string, size = 10) => ({ etag, size, crc64: '1' })

test('sorts parts by what is known of them', () => {
  const stored = [
    { partNumber: 1, size: 10, etag: '"a"' },
    { partNumber: 2, size: 10, etag: 'b' },
    { partNumber: 3, size: 9, etag: 'c' },
  ]
  const uploaded = new Map([
    [1, uploadedPart('a')],
    [4, uploadedPart('d', 5)],
  ])
  expect(reconcileParts(plan, stored, uploaded)).toEqual({
    missing: [3, 4],
    found: [stored[1]],
    lost: [4],
  })
})

test('looks again at a part that somebody replaced', () => {
  const replaced = { partNumber: 1, size: 10, etag: 'z' }
  const { missing, found, lost } = reconcileParts(plan, [replaced], new Map([[1, uploadedPart('a')]]))
  expect({ missing, found, lost }).toEqual({ missing: [2, 3, 4], found: [replaced], lost: [1] })
})

test('the last part may be smaller, and no other', () => {
  const { found } = reconcileParts(
    plan,
    [
      { partNumber: 1, size: 5, etag: 'a' },
      { partNumber: 4, size: 5, etag: 'd' },
      { partNumber: 5, size: 5, etag: 'e' },
    ],
    new Map(),
  )
  expect(found.map(({ partNumber }) => partNumber)).toEqual([4])
})

test('a part whose ETag the page could not see is told by its size', () => {
  const stored = [
    { partNumber: 1, size: 10, etag: '"a"' },
    { partNumber: 2, size: 9, etag: '"b"' },
  ]
  const uploaded = new Map([
    [1, uploadedPart('')],
    [2, uploadedPart('')],
  ])
  expect(reconcileParts(plan, stored, uploaded)).toEqual({
    missing: [2, 3, 4],
    found: [],
    lost: [2],
  })
})
