import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentType } from './content-type.js'

test.each([
  ['video/mp4', 'video/mp4'],
  ['video/webm;codecs=vp9', 'video/webm;codecs=vp9'],
  ['video/webm; codecs=vp8,opus', 'video/webm;codecs="vp8,opus"'],
  ['video/webm;codecs="vp8, opus"', 'video/webm;codecs="vp8, opus"'],
  ['text/plain;charset=UTF-8', 'text/plain;charset=UTF-8'],
  ['text/plain ; Charset = utf-8 ;', 'text/plain;charset=utf-8'],
  ['multipart/related;boundary="a;b"', 'multipart/related;boundary="a;b"'],
  ['audio/ogg;codecs', 'audio/ogg'],
  ['audio/ogg;codecs=o"p', 'audio/ogg'],
  ['audio/ogg;codecs=\u{e9}', 'audio/ogg'],
  ['', 'application/octet-stream'],
  ['video', 'application/octet-stream'],
  ['text/html\r\nSet-Cookie: a=b', 'application/octet-stream'],
  ['text/html;a=b\r\nSet-Cookie: a=b', 'text/html'],
])('%j is stored as %j', (declared, stored) => {
  expect(contentType(declared)).toBe(stored)
})

test('whatever is declared, the header is one line of printable ASCII, and storing it again changes nothing', () => {
  const declarations = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.string(), fc.string()).map(([name, value]) => `video/webm;${name}=${value}`),
  )
  fc.assert(
    fc.property(declarations, (declared) => {
      const stored = contentType(declared)
      expect(stored).toMatch(/^[\x20-\x7e]+$/u)
      expect(contentType(stored)).toBe(stored)
    }),
    { numRuns: 500 },
  )
})
