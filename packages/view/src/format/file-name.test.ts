import { expect, it } from 'vitest'
import { splitFileName } from './file-name.js'

it.each([
  ['', '', ''],
  ['a.txt', 'a.txt', ''],
  ['sixteen long.txt', 'sixteen long.txt', ''],
  ['holiday in the mountains 2026 (3).mp4', 'holiday in the mountains 2026', ' (3).mp4'],
  ['一个很长很长很长很长很长的文件名.mp4', '一个很长很长很长很长很长', '的文件名.mp4'],
  ['family at the beach 👨‍👩‍👧‍👦👨‍👩‍👧‍👦.jpg', 'family at the beac', 'h 👨‍👩‍👧‍👦👨‍👩‍👧‍👦.jpg'],
])('%s → %s | %s', (name, head, tail) => {
  expect(splitFileName(name)).toEqual({ head, tail })
})

it('loses nothing of any name', () => {
  const name = '\u202e../空 格&<b>'.repeat(60)
  const { head, tail } = splitFileName(name)
  expect(head + tail).toBe(name)
})
