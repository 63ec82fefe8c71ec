import { expect, it } from 'vitest'
import { createDrawnFrames } from '../testing/drawn-frames.js'
import { createListWindow } from './list-window.js'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

function windowOf(count: number, isFlowing = false) {
  const frames = createDrawnFrames()
  const list = createListWindow<number>(frames.requestFrame)
  list.show(numbers(count), isFlowing)
  return { list, draw: frames.draw, drawAll: () => numbers(30).forEach(frames.draw) }
}

it('draws a few rows at once and the rest of the window frame by frame', () => {
  const { list, drawAll } = windowOf(150)
  expect(list.snapshot.shown).toHaveLength(5)
  drawAll()
  expect(list.snapshot.shown).toHaveLength(100)
  expect(list.snapshot.hidden).toBe(50)
  expect(list.snapshot.nextStep).toBe(50)
})

it('draws little of a very long list by itself', () => {
  const { list, drawAll } = windowOf(10_000)
  drawAll()
  expect(list.snapshot.shown).toHaveLength(10)
  expect(list.snapshot.hidden).toBe(9990)
  expect(list.snapshot.nextStep).toBe(100)
})

it('draws few rows of a list that moves too fast to read, and the rest when it slows down', () => {
  const { list, drawAll } = windowOf(150, true)
  drawAll()
  expect(list.snapshot.shown).toHaveLength(10)
  list.show(numbers(150), false)
  drawAll()
  expect(list.snapshot.shown).toHaveLength(100)
})

it('draws more when asked', () => {
  const { list, drawAll } = windowOf(130)
  drawAll()
  expect(list.snapshot.nextStep).toBe(30)
  list.more()
  drawAll()
  expect(list.snapshot.shown).toHaveLength(130)
  expect(list.snapshot.hidden).toBe(0)
})

it('draws all of a short list, also when it grows', () => {
  const { list, drawAll } = windowOf(3)
  expect(list.snapshot.shown).toHaveLength(3)
  list.show(numbers(12))
  drawAll()
  expect(list.snapshot.shown).toHaveLength(12)
})

it('brings what has come to the top of a long list a few rows per frame, and keeps its length', () => {
  const { list, draw, drawAll } = windowOf(120)
  drawAll()
  list.show([...numbers(200).slice(120), ...numbers(120)])
  const came = () => list.snapshot.shown.filter((row) => row >= 120)
  expect(came()).toHaveLength(5)
  expect(list.snapshot.shown).toHaveLength(100)
  draw()
  expect(came()).toHaveLength(10)
  drawAll()
  expect(list.snapshot.shown).toEqual([...numbers(200).slice(120), ...numbers(20)])
})

it('removes rows at once that are no longer in the list', () => {
  const { list, drawAll } = windowOf(120)
  drawAll()
  list.show(numbers(120).slice(50))
  expect(list.snapshot.shown[0]).toBe(50)
  drawAll()
  expect(list.snapshot.shown).toEqual(numbers(120).slice(50))
})

it('brings no more than a few rows per frame when the list changes several times in one', () => {
  const { list, draw } = windowOf(0)
  for (const count of [20, 40, 60]) {
    list.show(numbers(count))
  }
  expect(list.snapshot.shown).toHaveLength(5)
  draw()
  expect(list.snapshot.shown).toHaveLength(10)
})
