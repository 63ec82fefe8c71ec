import { expect, it } from 'vitest'
import { isOwnersAddress, previewAddress, webAddress } from './web-address.js'

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

it.each([
  ['http://127.0.0.1:3000/api/uploads/5f/object', true],
  ['https://files.example.com/app/api/uploads/5f/object?inline=1', true],
  ['https://cdn.example.com/uploads/2026/11/22/5f/object', false],
  ['https://cdn.example.com/uploads/5f/holiday.mp4', false],
])('%s asks for its owner: %s', (address, isOwners) => {
  expect(isOwnersAddress(address)).toBe(isOwners)
})

it('requests a preview in addition to the other parameters of the address', () => {
  expect(previewAddress('https://a.example/api/uploads/u1/object?v=2')).toBe(
    'https://a.example/api/uploads/u1/object?v=2&inline=1',
  )
})
