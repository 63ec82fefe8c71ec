import { expect, test } from 'vitest'
import { QuickBodies } from './quick-bodies.js'

const KB = 1000

test('no body is quick before one was seen to be', () => {
  expect(new QuickBodies(100).has(1)).toBe(false)
})

test('a body is quick when it would be through, at the pace of the last one, before anything was told', () => {
  const quick = new QuickBodies(100)
  quick.took(200 * KB, 40)
  expect(quick.has(200 * KB)).toBe(true)
  expect(quick.has(499 * KB)).toBe(true)
  expect(quick.has(500 * KB)).toBe(false)
  quick.took(200 * KB, 400)
  expect(quick.has(200 * KB)).toBe(false)
})

test('a large one is not, however fast the line', () => {
  const quick = new QuickBodies(100)
  quick.took(1024 * KB, 1)
  expect(quick.has(1024 * 1024)).toBe(true)
  expect(quick.has(1024 * 1024 + 1)).toBe(false)
})

test('one that got no answer puts the next ones under watch', () => {
  const quick = new QuickBodies(100)
  quick.took(200 * KB, 1)
  quick.took(200 * KB, Number.POSITIVE_INFINITY)
  expect(quick.has(200 * KB)).toBe(false)
})

test('after an empty body, which says nothing of the line, the next one is watched', () => {
  const quick = new QuickBodies(100)
  quick.took(0, 50)
  expect(quick.has(1)).toBe(false)
})
