import { expect, test } from 'vitest'
import { boundedText } from './bounded-text.js'

const bodyOf = (...chunks: readonly Uint8Array<ArrayBuffer>[]) => {
  let cancelled = false
  const waiting = [...chunks]
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const chunk = waiting.shift()
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
      cancel() {
        cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, left: () => waiting.length, cancelled: () => cancelled }
}
const bytes = new TextEncoder().encode('续传')

test('a body is read as text, also where a chunk ends within a character', async () => {
  const counted: number[] = []
  const { body } = bodyOf(bytes.slice(0, 4), bytes.slice(4))
  expect(await boundedText(body, 6, (count) => counted.push(count))).toBe('续传')
  expect(counted).toEqual([4, 6])
  expect(await boundedText(null, 6)).toBe('')
})

test('one that is too long is read no further, and let go', async () => {
  const { body, left, cancelled } = bodyOf(bytes, bytes, bytes)
  await expect(boundedText(body, 6)).rejects.toThrow('more than 6 bytes')
  expect([left(), cancelled()]).toEqual([1, true])
})
