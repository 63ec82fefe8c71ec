import type { LimitsAnswer } from '@carryon/client'
import { expect, test } from 'vitest'
import { en } from '../language/en.js'
import { zh } from '../language/zh.js'
import { dropHint, leftOutWords, limitsWords } from '../rows/limit-words.js'
import { acceptOf, limitCheck } from './file-limits.js'

const MB = 1_000_000
const file = (name: string, bytes: number, type = ''): File =>
  new File([new Uint8Array(bytes)], name, { type })

function limitsOf(limits: Partial<LimitsAnswer['limits']>, totalBytes: number | null = null): LimitsAnswer {
  const none = { openFiles: null, openBytes: null, totalBytes: null }
  return {
    limits: { maxFileBytes: 5 * 2 ** 40, mediaTypes: null, extensions: null, ...none, ...limits },
    used: { openFiles: 0, openBytes: 0, totalBytes: 0 },
    left: { ...none, totalBytes },
  }
}

test('nothing is refused while the limits are unknown', () => {
  expect(limitCheck(null)).toBe(null)
  // Without limits, no size is read.
  expect(limitCheck(limitsOf({}))).toBe(null)
  expect(limitsWords(null, en)).toBe(null)
  expect(limitsWords(limitsOf({}), en)).toBe(null)
  expect(acceptOf(limitsOf({}))).toBe('')
})

test('what is too large, of another type, or more than is left is refused, and the rest is taken', () => {
  const limits = limitsOf({ maxFileBytes: 50, mediaTypes: ['image/*'] }, 80)
  const [small, large, text, next, last] = [
    file('small.jpg', 40, 'image/jpeg'),
    file('large.jpg', 51, 'image/jpeg'),
    file('notes.txt', 1, 'text/plain'),
    file('next.jpg', 41, 'image/jpeg'),
    file('last.jpg', 40, 'image/jpeg'),
  ] as const
  const checked = [small, large, text, next, last].map(limitCheck(limits) ?? (() => null))
  expect(checked.map((item) => item === null)).toEqual([true, false, false, false, true])
  const leftOut = checked.filter((item) => item !== null)
  expect(leftOut).toEqual([
    { name: 'large.jpg', why: 'too-large', bytes: 50 },
    { name: 'notes.txt', why: 'wrong-type', taken: ['image/*'] },
    { name: 'next.jpg', why: 'no-room', bytes: 40 },
  ])
  expect(leftOut.map((item) => leftOutWords(item, en))).toEqual([
    'Too large. The limit is 50 B per file.',
    "This file type isn't accepted. Accepted types: images.",
    'Not enough space: only 40 B left. Choose a smaller file, or ask your administrator for more space.',
  ])
  expect(leftOutWords({ name: 'x', why: 'wrong-type', taken: ['jpg', 'png'] }, zh)).toBe(
    '不支持此类型的文件。支持的类型：JPG、PNG。',
  )
})

test('what may be uploaded is said in a line, and asked of the dialog', () => {
  const limits = limitsOf({ maxFileBytes: 50 * MB, mediaTypes: ['image/*', 'video/mp4'] }, 1_200 * MB)
  expect(limitsWords(limits, en)).toBe('Up to 50.0 MB per file · images, MP4 · 1200.0 MB left')
  expect(limitsWords(limits, zh)).toBe('单个文件不超过 50.0MB · 图片、MP4 · 还可上传 1200.0MB')
  expect(acceptOf(limits)).toBe('image/*,video/mp4')
  expect(acceptOf(limitsOf({ extensions: ['.JPG', 'png'] }))).toBe('.jpg,.png')
  expect(acceptOf(limitsOf({ mediaTypes: ['*/*'] }))).toBe('')
})

test('any size is offered only where none is limited', () => {
  expect([null, limitsOf({})].map((limits) => dropHint(limits, en))).toEqual([en.dropHint, en.dropHint])
  const limited = [limitsOf({ maxFileBytes: 50 * MB }), limitsOf({}, 10 * MB)]
  for (const limits of limited) expect(dropHint(limits, en)).not.toMatch(/any size/iu)
})
