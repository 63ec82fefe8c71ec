import { expect, it } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { createDrawnFrames } from './testing/drawn-frames.js'
import { useWindow } from './use-window.js'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

function windowOf(count: number) {
  const items = shallowRef(numbers(count))
  const frames = createDrawnFrames()
  const create = () => useWindow(items, frames.requestFrame)
  const list = effectScope().run(create) ?? create()
  return { items, list, drawAll: () => numbers(30).forEach(frames.draw) }
}

it('draws a few rows at once and the rest of the window frame by frame', () => {
  const { list, drawAll } = windowOf(150)
  expect(list.shown.value).toHaveLength(10)
  drawAll()
  expect(list.shown.value).toHaveLength(100)
  expect(list.hidden.value).toBe(50)
  expect(list.nextStep.value).toBe(50)
})

it('draws little of a very long list by itself', () => {
  const { list, drawAll } = windowOf(10_000)
  drawAll()
  expect(list.shown.value).toHaveLength(10)
  expect(list.hidden.value).toBe(9990)
  expect(list.nextStep.value).toBe(100)
})

it('draws more when asked', async () => {
  const { list, drawAll } = windowOf(130)
  drawAll()
  expect(list.nextStep.value).toBe(30)
  list.more()
  await nextTick()
  drawAll()
  expect(list.shown.value).toHaveLength(130)
  expect(list.hidden.value).toBe(0)
})

it('draws all of a short list, also when it grows', async () => {
  const { items, list, drawAll } = windowOf(3)
  expect(list.shown.value).toHaveLength(3)
  items.value = numbers(12)
  await nextTick()
  drawAll()
  expect(list.shown.value).toHaveLength(12)
})
