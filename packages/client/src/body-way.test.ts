import { expect, test } from 'vitest'
import { BodyWay } from './body-way.js'

const size = 8 * 1024 * 1024

type Event =
  'slice answered' | 'slice stalled' | 'slice failed' | 'copy answered' | 'copy stalled' | 'copy failed'

function after(...events: readonly Event[]): boolean {
  const way = new BodyWay()
  for (const event of events) {
    const wasCopy = event.startsWith('copy')
    if (event.endsWith('answered')) way.answered(wasCopy)
    else way.unanswered(wasCopy, event.endsWith('stalled'))
  }
  return way.copies(size)
}

test.each<{ name: string; events: readonly Event[]; copies: boolean }>([
  { name: 'begins with slices', events: [], copies: false },
  { name: 'tries a copy when the first slice stalls', events: ['slice stalled'], copies: true },
  { name: 'takes a connection that fails for the network', events: ['slice failed'], copies: false },
  {
    name: 'stays with copies once one was answered',
    events: ['slice stalled', 'copy answered', 'copy stalled'],
    copies: true,
  },
  {
    name: 'tries slices again when the copy stalls too',
    events: ['slice stalled', 'copy stalled'],
    copies: false,
  },
  { name: 'tries slices again when the copy fails', events: ['slice stalled', 'copy failed'], copies: false },
  {
    name: 'never leaves slices once one was answered',
    events: ['slice answered', 'slice stalled', 'slice stalled'],
    copies: false,
  },
  { name: 'believes a late answer to a slice', events: ['slice stalled', 'slice answered'], copies: false },
  {
    name: 'is not moved by slices that stall beside an answered copy',
    events: ['slice stalled', 'copy answered', 'slice stalled', 'slice answered'],
    copies: true,
  },
])('$name', ({ events, copies }) => {
  expect(after(...events)).toBe(copies)
})

test('never copies what memory has no room for', () => {
  const way = new BodyWay()
  way.unanswered(false, true)
  expect(way.copies(64 * 1024 * 1024)).toBe(true)
  expect(way.copies(64 * 1024 * 1024 + 1)).toBe(false)
})
