import { expect, test } from 'vitest'
import { previewKind } from './preview-kind.js'

test.each([
  ['image/png', 'image'],
  ['IMAGE/JPEG', 'image'],
  ['video/webm;codecs="vp8,opus"', 'video'],
  ['audio/mpeg', 'audio'],
  ['application/pdf', 'pdf'],
  ['text/plain; charset=gbk', 'text'],
  ['text/csv', 'text'],
  ['application/json', 'text'],
])('%j is shown as %s', (type, kind) => {
  expect(previewKind(type)).toBe(kind)
})

test.each([
  'text/html',
  'text/html ;a=image/png',
  'image/svg+xml',
  'video/x+xml',
  'application/xhtml+xml',
  'text/xml',
  'text/javascript',
  'multipart/x-mixed-replace',
  'audio/<b>',
  'image/png\ntext/html',
  '',
])('%j is downloaded', (type) => {
  expect(previewKind(type)).toBeNull()
})
