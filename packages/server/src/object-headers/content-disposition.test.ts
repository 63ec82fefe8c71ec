import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentDisposition } from './content-disposition.js'
import { downloadName } from './file-name.js'

describe('contentDisposition', () => {
  test.each([
    ['plain.txt', 'attachment; filename="plain.txt"'],
    ['two words.txt', 'attachment; filename="two words.txt"'],
    ['假期.mp4', `attachment; filename="__.mp4"; filename*=UTF-8''%E5%81%87%E6%9C%9F.mp4`],
    ['a"b.txt', `attachment; filename="a_b.txt"; filename*=UTF-8''a%22b.txt`],
    ['100%.txt', `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`],
    [
      "naïve (1)'*.txt",
      `attachment; filename="na_ve (1)'*.txt"; filename*=UTF-8''na%C3%AFve%20%281%29%27%2A.txt`,
    ],
    ['😀', `attachment; filename="_"; filename*=UTF-8''%F0%9F%98%80`],
  ])('%s', (name, expected) => {
    expect(contentDisposition('attachment', name)).toBe(expected)
  })

  test('any name makes a printable header value from which it can be read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const value = contentDisposition('inline', name)
        expect(value).toMatch(/^[\x20-\x7e]+$/u)
        const extended = /filename\*=UTF-8''(.*)$/u.exec(value)?.[1]
        const plain = /filename="([^"]*)"/u.exec(value)?.[1]
        const read = extended === undefined ? plain : decodeURIComponent(extended)
        expect(read).toBe(downloadName(name))
      }),
    )
  })
})
