import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteLength, downloadName, keyName } from '../object-headers/file-name.js'
import { encodeKey, newObjectKey } from './object-key.js'

const day = new Date('2026-11-22T23:59:59.999Z')

describe('newObjectKey', () => {
  test('is dated and random, and ends in the file name', () => {
    expect(newObjectKey('uploads/', 'holiday.mp4', day)).toMatch(
      /^uploads\/2026\/11\/22\/[\w-]{22}\/holiday\.mp4$/u,
    )
  })

  test('never comes twice', () => {
    const keys = Array.from({ length: 1_000 }, () => newObjectKey('', 'a', day))
    expect(new Set(keys).size).toBe(1_000)
  })

  test('any name under any prefix makes a key of at most 850 bytes and exactly one segment of it', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
    )
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 511 }), (name, length) => {
        const key = newObjectKey(`${'p'.repeat(length)}/`, name, day)
        expect(byteLength(key)).toBeLessThanOrEqual(850)
        const segments = key.split('/')
        expect(segments).toHaveLength(6)
        expect(segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')).toBe(true)
        expect(key).not.toMatch(/[\\?*"<>|#%&:\p{Cc}\p{Surrogate}]/u)
        expect(() => encodeKey(key)).not.toThrow()
      }),
    )
  })
})

describe('keyName', () => {
  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\a\\b.txt', 'b.txt'],
    ['../空 格&<b>.bin', '空_格_b_.bin'],
    ['.', 'file'],
    ['..', 'file'],
    ['', 'file'],
    ['/', 'file'],
    ['   ', 'file'],
    ['.gitignore', 'gitignore'],
    ['a\u0000\u001b[31m.txt', 'a___31m.txt'],
    ['photo\u202egpj.exe', 'photo_gpj.exe'],
    ['😀.png', '_.png'],
    ['half \ud83d.png', 'half_.png'],
    ['e\u0301.txt', 'é.txt'],
    ['हिन्दी.txt', 'हिन्दी.txt'],
    ['back\\slash.txt', 'back_slash.txt'],
    ['..\\..\\up.txt', '_.._up.txt'],
    ['می\u200cخواهم.txt', 'می_خواهم.txt'],
  ])('%j becomes %j', (name, expected) => {
    expect(keyName(name, 255)).toBe(expected)
  })

  test('an overlong name is cut between characters and keeps its extension', () => {
    const name = keyName(`${'漢'.repeat(300)}.tar.gz`, 255)
    expect(name).toBe(`${'漢'.repeat(84)}.gz`)
  })

  test('an overlong extension is part of the name', () => {
    expect(keyName(`a.${'x'.repeat(300)}`, 20)).toBe(`a.${'x'.repeat(18)}`)
  })
})

describe('downloadName', () => {
  test.each([
    ['../空 格&<b>.bin', '空 格&<b>.bin'],
    ['😀.png', '😀.png'],
    ['.gitignore', '.gitignore'],
    ['..', 'file'],
    ['a\r\nSet-Cookie: x', 'a__Set-Cookie: x'],
    ['می\u200cخواهم.mp4', 'می\u200cخواهم.mp4'],
    ['क्\u200dष.txt', 'क्\u200dष.txt'],
    ['👨\u200d👩\u200d👧 holiday.jpg', '👨\u200d👩\u200d👧 holiday.jpg'],
    ['👩🏽\u200d🚀.png', '👩🏽\u200d🚀.png'],
    ['🏳️\u200d🌈.png', '🏳️\u200d🌈.png'],
    [
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}.png',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}.png',
    ],
    ['a\u{e0067}\u{e007f}.png', 'a__.png'],
    ['\u200d.txt', '_.txt'],
    ['a.\u200dexe', 'a._exe'],
    ['back\\slash.txt', 'back_slash.txt'],
    ['C:\\Users\\a\\b.txt', 'b.txt'],
    ['\\\\server\\share\\b.txt', 'b.txt'],
    ['..\\..\\up.txt', '.._.._up.txt'],
  ])('%j becomes %j', (name, expected) => {
    expect(downloadName(name)).toBe(expected)
  })
})
