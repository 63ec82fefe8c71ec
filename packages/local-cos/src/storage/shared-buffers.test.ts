import { expect, it } from 'vitest'
import { SharedBuffers } from './shared-buffers.js'

it('gives few users much, many little, and nobody less than the least', () => {
  const buffers = new SharedBuffers(1000, 10, 400)
  const leave = [buffers.join()]
  expect(buffers.share).toBe(400)
  for (let users = 2; users <= 4; users++) leave.push(buffers.join())
  expect(buffers.share).toBe(250)
  for (let users = 5; users <= 200; users++) leave.push(buffers.join())
  expect(buffers.share).toBe(10)
  for (const end of leave) {
    end()
    end()
  }
  expect(buffers.share).toBe(400)
})
