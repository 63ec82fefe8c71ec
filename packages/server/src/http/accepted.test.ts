import { expect, test } from 'vitest'
import { acceptedItems } from './accepted.js'

test.each([
  ['de, en;q=0.8, zh;q=0.9', ['de', 'zh', 'en']],
  ['zh-CN,zh;q=0.9', ['zh-cn', 'zh']],
  ['text/html;level=1;q=0.3 , */*', ['*/*', 'text/html']],
  ['en;q=0, fr;q=nonsense, it;q=7', ['fr', 'it']],
  ['', []],
  [';;,, ;q=1', []],
])('%j is wanted in the order %j', (header, names) => {
  expect(acceptedItems(header).map(({ name }) => name)).toEqual(names)
})
