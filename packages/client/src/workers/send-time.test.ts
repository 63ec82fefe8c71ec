import { expect, test } from 'vitest'
import { SendTimeEstimate } from './send-time.js'

const KB = 1000

test('no body is quick before one was seen to be', () => {
  expect(new SendTimeEstimate(100).isShort(1)).toBe(false)
})

test('a body is quick when it would be through, at the pace of the last one, before anything was told', () => {
  const sendTime = new SendTimeEstimate(100)
  sendTime.record(200 * KB, 40)
  expect(sendTime.isShort(200 * KB)).toBe(true)
  expect(sendTime.isShort(499 * KB)).toBe(true)
  expect(sendTime.isShort(500 * KB)).toBe(false)
  sendTime.record(200 * KB, 400)
  expect(sendTime.isShort(200 * KB)).toBe(false)
})

test('a large one is not, however fast the line', () => {
  const sendTime = new SendTimeEstimate(100)
  sendTime.record(1024 * KB, 1)
  expect(sendTime.isShort(1024 * 1024)).toBe(true)
  expect(sendTime.isShort(1024 * 1024 + 1)).toBe(false)
})

test('one that got no answer puts the next ones under watch', () => {
  const sendTime = new SendTimeEstimate(100)
  sendTime.record(200 * KB, 1)
  sendTime.record(200 * KB, Number.POSITIVE_INFINITY)
  expect(sendTime.isShort(200 * KB)).toBe(false)
})

test('after an empty body, which says nothing of the line, the next one is watched', () => {
  const sendTime = new SendTimeEstimate(100)
  sendTime.record(0, 50)
  expect(sendTime.isShort(1)).toBe(false)
})
