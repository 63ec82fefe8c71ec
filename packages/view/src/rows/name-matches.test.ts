import { expect, it } from 'vitest'
import { fileKindOf } from '../files/file-kind.js'
import { nameMatches } from './name-matches.js'

it('finds names by their words, in any case and order', () => {
  expect(nameMatches('Holiday in the Mountains 2026.mp4', 'mountains holi')).toBe(true)
  expect(nameMatches('第三届城市马拉松.mp4', '马拉松')).toBe(true)
  expect(nameMatches('Cafe\u0301.txt', 'café')).toBe(true)
  expect(nameMatches('a.txt', 'b')).toBe(false)
  expect(nameMatches('a.txt', ' ')).toBe(true)
})

it('recognizes a file type by the file name extension', () => {
  expect(['a.MP4', 'b.heic', 'c.tar.gz', 'd.pdf', 'e', 'f.xyz'].map(fileKindOf)).toEqual([
    'video',
    'image',
    'archive',
    'document',
    'other',
    'other',
  ])
})
