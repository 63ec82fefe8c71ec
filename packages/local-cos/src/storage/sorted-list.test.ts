import { array, assert, boolean, constantFrom, property, tuple } from 'fast-check'
import { expect, it } from 'vitest'
import { SortedList } from './sorted-list.js'

const key = constantFrom('', 'a', 'a/', 'a/b', 'b', '中', '\ufb01', '🦆', '🦆🦆')
const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

it('a sorted list holds what a set would, in the order of UTF-8, at every moment', () => {
  const change = tuple(key, boolean(), boolean())
  assert(
    property(array(key), array(change), (first, changes) => {
      const expected = new Set(first)
      const list = new SortedList<string>({ keyOf: (item) => item })
      list.reset([...expected])
      for (const [item, removed, look] of changes) {
        if (removed) expected.delete(item)
        else expected.add(item)
        if (removed) list.delete(item)
        else list.set(item)
        if (look) expect(list.items).toEqual([...expected].sort(byUtf8))
      }
      expect(list.items).toEqual([...expected].sort(byUtf8))
    }),
  )
})

it('what a sorted list returned stays as it was', () => {
  const list = new SortedList<string>({ keyOf: (item) => item })
  list.reset(['b', 'a'])
  const before = list.items
  list.set('c')
  list.delete('a')
  expect(list.items).toEqual(['b', 'c'])
  expect(before).toEqual(['a', 'b'])
})

it('a sorted list keeps the newest of many changes that nobody looked at', () => {
  const list = new SortedList<readonly [string, number]>({ keyOf: ([name]) => name })
  for (let turn = 0; turn < 10_000; turn++) list.set([`key ${turn % 3}`, turn])
  expect(list.items).toEqual([
    ['key 0', 9999],
    ['key 1', 9997],
    ['key 2', 9998],
  ])
})
