import { expect, test } from 'vitest'
import { plainLine, plainText } from './plain-text.js'

test.each([
  ['https://a.test/\u001b]0;title\u0007\u001b[2J', 'https://a.test/\uFFFD]0;title\uFFFD\uFFFD[2J'],
  ['a\u009b31mb', 'a\uFFFD31mb'],
  ['done\rfailed', 'done\uFFFDfailed'],
  ['photo\u202egpj.exe', 'photo\uFFFDgpj.exe'],
  ['one\ntwo', 'one two'],
  ['假期 می\u200cخواهم 👨\u200d👩\u200d👧', '假期 می\u200cخواهم 👨\u200d👩\u200d👧'],
])('%j is shown as %j', (text, shown) => {
  expect(plainLine(text)).toBe(shown)
})

test('lines of a longer text stay lines', () => {
  expect(plainText('problems:\r\n  one\u001b[A\n\ttwo')).toBe('problems:\n  one\uFFFD[A\n\ttwo')
})
