import { expect, test } from 'vitest'
import { BodyStrategy } from './body-strategy.js'
import type { Unanswered } from './body-strategy.js'

const size = 8 * 1024 * 1024

type Event = `${'slice' | 'copy'} ${'answered' | Unanswered}`

function after(...events: readonly Event[]): boolean {
  const strategy = new BodyStrategy()
  for (const event of events) {
    const wasCopy = event.startsWith('copy')
    for (const how of ['stalled', 'failed', 'failed-at-once'] as const) {
      if (event.endsWith(` ${how}`)) strategy.unanswered(wasCopy, how)
    }
    if (event.endsWith(' answered')) strategy.answered(wasCopy)
  }
  return strategy.copies(size)
}

const refused = 'slice failed-at-once'
/** An engine that cannot send slices, or a network that is down. */
const cannot = [refused, refused, refused] as const
const works = [...cannot, 'copy answered'] as const

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
  { name: 'takes two failures at once for the network', events: [refused, refused], copies: false },
  { name: 'tries a copy when three slices in a row fail at once', events: cannot, copies: true },
  {
    name: 'starts to count anew when bytes of a slice had gone out',
    events: [refused, refused, 'slice failed', refused, refused],
    copies: false,
  },
  {
    name: 'was without a network when the copy fails as well',
    events: [...cannot, 'copy failed-at-once', refused, refused],
    copies: false,
  },
  { name: 'puts a slice to the test once a copy was answered', events: works, copies: false },
  { name: 'sends copies when that slice fails at once too', events: [...works, refused], copies: true },
  {
    name: 'stays with copies whatever becomes of them then',
    events: [...works, refused, 'copy failed', 'slice answered'],
    copies: true,
  },
  {
    name: 'had no network before, when that slice is answered',
    events: [...works, 'slice answered', ...cannot],
    copies: false,
  },
  {
    name: 'is not moved by a copy beside the slice on test',
    events: [...works, 'copy answered', 'copy failed'],
    copies: false,
  },
  {
    name: 'goes on testing when that slice breaks off on its way',
    events: [...works, 'slice failed'],
    copies: false,
  },
])('$name', ({ events, copies }) => {
  expect(after(...events)).toBe(copies)
})

test('never copies what memory has no room for', () => {
  const strategy = new BodyStrategy()
  strategy.unanswered(false, 'stalled')
  expect(strategy.copies(64 * 1024 * 1024)).toBe(true)
  expect(strategy.copies(64 * 1024 * 1024 + 1)).toBe(false)
})
