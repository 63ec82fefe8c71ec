import { createDrawnFrames } from '@carryon/view/testing'
import { expect, it } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { useWindow } from './use-window.js'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

function windowOf(count: number, isFlowing = () => false) {
  const items = shallowRef(numbers(count))
  const frames = createDrawnFrames()
  const create = () => useWindow(items, isFlowing, frames.requestFrame)
  const list = effectScope().run(create) ?? create()
  return { items, list, draw: frames.draw, drawAll: () => numbers(30).forEach(frames.draw) }
}

it('draws a few rows at once and the rest of the window frame by frame', () => {
  const { list, drawAll } = windowOf(150)
  expect(list.shown.value).toHaveLength(5)
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

it('draws little of a list that flows by, and the rest of it when that is over', async () => {
  const flowing = shallowRef(true)
  const { list, drawAll } = windowOf(150, () => flowing.value)
  drawAll()
  expect(list.shown.value).toHaveLength(10)
  flowing.value = false
  await nextTick()
  drawAll()
  expect(list.shown.value).toHaveLength(100)
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

it('brings what has come to the top of a long list a few rows per frame, and keeps its length', async () => {
  const { items, list, draw, drawAll } = windowOf(120)
  drawAll()
  items.value = [...numbers(200).slice(120), ...numbers(120)]
  await nextTick()
  const came = () => list.shown.value.filter((row) => row >= 120)
  expect(came()).toHaveLength(5)
  expect(list.shown.value).toHaveLength(100)
  draw()
  expect(came()).toHaveLength(10)
  drawAll()
  expect(list.shown.value).toEqual(items.value.slice(0, 100))
})

it('takes away at once what is no longer in the list', async () => {
  const { items, list, drawAll } = windowOf(120)
  drawAll()
  items.value = numbers(120).slice(50)
  await nextTick()
  expect(list.shown.value[0]).toBe(50)
  drawAll()
  expect(list.shown.value).toEqual(items.value)
})

it('brings no more than a few rows per frame when the list changes several times in one', async () => {
  const { items, list, draw } = windowOf(0)
  for (const count of [20, 40, 60]) {
    items.value = numbers(count)
    await nextTick()
  }
  expect(list.shown.value).toHaveLength(5)
  draw()
  expect(list.shown.value).toHaveLength(10)
})
