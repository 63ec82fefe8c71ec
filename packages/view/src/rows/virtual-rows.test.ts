import { expect, it } from 'vitest'
import { createDrawnFrames } from '../testing/drawn-frames.js'
import { createVirtualRows } from './virtual-rows.js'

const itemsOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ key: from + index }))

/** Rendered without a document, as on a server: the box has its default size. */
function start(count: number) {
  const frames = createDrawnFrames()
  const list = createVirtualRows<{ readonly key: number }>(frames.requestFrame)
  list.show(itemsOf(count))
  const settle = (): void => {
    for (let frame = 0; frame < 30; frame += 1) frames.draw()
  }
  return { list, settle, draw: frames.draw }
}

it('draws all of a short list, a few rows per frame', () => {
  const { list, settle, draw } = start(100)
  const drawn = [list.snapshot.rows.length]
  draw()
  drawn.push(list.snapshot.rows.length)
  settle()
  const { rows, count, rest, isLong } = list.snapshot
  expect(drawn).toEqual([5, 10])
  expect([rows.length, count, rest, isLong]).toEqual([100, 100, 0, false])
  expect(rows.every(({ gap }) => gap === 0)).toBe(true)
})

it.each([101, 1_000, 10_000])(
  'draws as many rows of %i as are in sight, and keeps room for the others',
  (count) => {
    const { list, settle } = start(count)
    settle()
    const { rows, rest, isLong } = list.snapshot
    expect(isLong).toBe(true)
    expect(rows.length).toBeLessThan(12)
    expect(rows.map(({ index }) => index)).toEqual(rows.map((_, index) => index))
    const [height] = [rest / (count - rows.length)]
    expect(height).toBeGreaterThan(50)
  },
)

it('becomes short, and long again, as files come and go; a row is the same object', () => {
  const { list, settle } = start(500)
  settle()
  const items = itemsOf(500)
  list.show(items)
  settle()
  list.show(items.slice(0, 40))
  settle()
  expect(list.snapshot).toMatchObject({ isLong: false, count: 40, rest: 0 })
  expect(list.snapshot.rows.map(({ item }) => item)).toEqual(items.slice(0, 40))
  list.show(items)
  settle()
  expect(list.snapshot).toMatchObject({ isLong: true, count: 500 })
  expect(list.snapshot.rows.length).toBeLessThan(12)
  list.show([])
  expect(list.snapshot).toMatchObject({ rows: [], isLong: false, count: 0 })
})
