import { expect, it } from 'vitest'
import { webAddress } from './web-address.js'

it.each([
  ['https://cdn.example.com/a%20b.mp4', 'https://cdn.example.com/a%20b.mp4'],
  ['/api/uploads/1/object', 'http://app.example.com/api/uploads/1/object'],
  ['javascript:alert(1)', null],
  ['JaVaScRiPt:alert(1)', null],
  ['data:text/html,<b>', null],
  ['http://', null],
])('%s → %s', (address, href) => {
  expect(webAddress(address, 'http://app.example.com/page')).toBe(href)
})
