import { expect, it } from 'vitest'
import { nameInSentence, shownName, splitFileName } from './file-name.js'

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

it('shows a name in the order in which it is written', () => {
  expect(shownName('photo\u202Egpj.exe')).toBe('photogpj.exe')
  expect(shownName('חופשה\u200F 2.mp4')).toBe('חופשה\u200F 2.mp4')
})

it('isolates a name of another writing direction from the sentence around it', () => {
  expect(nameInSentence('a.mp4')).toBe('a.mp4')
  expect(nameInSentence('חופשה 2.mp4')).toBe('\u2068חופשה 2.mp4\u2069')
  expect(nameInSentence('\u2069\u202Ecod.exe')).toBe('cod.exe')
})

it('keeps every character of a name', () => {
  const name = '\u202e../空 格&<b>'.repeat(60)
  const { head, tail } = splitFileName(name)
  expect(head + tail).toBe(name)
})
