import { expect, it } from 'vitest'
import { nextRows } from './next-rows.js'

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

/** Steps until nothing changes. */
function stepsOf(drawn: readonly number[], items: readonly number[], limit: number): (readonly number[])[] {
  const next = nextRows(drawn, items, limit, 10)
  return String(next) === String(drawn) ? [] : [next, ...stepsOf(next, items, limit)]
}

it.each([
  ['a list that is new', [], numbers(0, 150), 100],
  ['a list of which all was replaced', numbers(0, 100), numbers(100, 300), 100],
  [
    'a list with as many new ones at its top as it shows',
    numbers(0, 100),
    [...numbers(100, 170), ...numbers(0, 100)],
    100,
  ],
  ['a list that became too long to be shown', numbers(0, 100), numbers(0, 201), 10],
  ['a list of which nothing is left', numbers(0, 100), [], 100],
])('comes to the first of %s', (_, drawn, items, limit) => {
  const steps = stepsOf(drawn, items, limit)
  expect(steps.at(-1)).toEqual(items.slice(0, limit))
  expect(steps.length).toBeLessThanOrEqual(10)
})

it('brings ten rows at a time and takes ten away for them, so that the list keeps its length', () => {
  const items = [...numbers(100, 130), ...numbers(0, 100)]
  const steps = stepsOf(numbers(0, 100), items, 100)
  expect(steps[0]).toEqual([...numbers(100, 110), ...numbers(0, 90)])
  expect(steps[1]).toEqual([...numbers(100, 120), ...numbers(0, 80)])
  expect(steps).toHaveLength(3)
})

it('follows the order of the items, and drops those that are gone, without bringing any', () => {
  expect(nextRows([1, 2, 3, 4], [3, 9, 1, 4], 100, 0)).toEqual([3, 1, 4])
})
