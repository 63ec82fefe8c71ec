import type { UnfinishedUpload } from '@carryon/client'
import { describe, expect, it } from 'vitest'
import { FakeUnfinished } from '../testing/fake-unfinished.js'
import { isExpected, matchQueued } from './match-files.js'

const row = (id: string, options: Partial<UnfinishedUpload> = {}): FakeUnfinished =>
  new FakeUnfinished({
    id,
    name: 'a.jpg',
    size: 10,
    state: 'queued',
    lastModified: 1,
    begin: () => {
      throw new Error('not part of this test')
    },
    ...options,
  })
const file = (lastModified: number, name = 'a.jpg', size = 10) => ({ name, size, lastModified })
const ids = (pairs: ReturnType<typeof matchQueued>) => pairs.map(([, match]) => match?.id ?? null)

it('prefers a file of the same time to one of the same name', () => {
  expect(ids(matchQueued([row('old'), row('new', { lastModified: 2 })], [file(2), file(3)]))).toEqual([
    'new',
    'old',
  ])
})

it('matches each row once, and leaves new files unmatched', () => {
  expect(ids(matchQueued([row('one')], [file(1), file(1), file(1, 'b.jpg'), file(1, 'a.jpg', 11)]))).toEqual([
    'one',
    null,
    null,
    null,
  ])
})

it('leaves what the server has open to be found by its content', () => {
  expect(ids(matchQueued([row('open', { state: 'open' })], [file(1)]))).toEqual([null])
})

it('gives up what this browser still has of a file only for that very file, by its time', () => {
  for (const needs of ['nothing', 'permission'] as const) {
    expect(ids(matchQueued([row('kept', { needs })], [file(2)]))).toEqual([null])
    expect(ids(matchQueued([row('kept', { needs })], [file(1)]))).toEqual(['kept'])
    expect(ids(matchQueued([row('kept', { needs }), row('lost')], [file(2)]))).toEqual(['lost'])
  }
  // A copy that could not be read does not count.
  expect(ids(matchQueued([row('kept', { needs: 'nothing' })], [file(2)], () => 'file'))).toEqual(['kept'])
})

describe('the file picked in a row', () => {
  it('of what has not begun has its name and its size', () => {
    const wanted = row('one')
    expect(isExpected(wanted, file(2))).toBe(true)
    expect(isExpected(wanted, file(1, 'a.jpg', 11))).toBe(false)
    expect(isExpected(wanted, file(1, 'b.jpg'))).toBe(false)
  })

  it('of what has begun may have grown, or have another name: its content tells', () => {
    const wanted = row('one', { state: 'open' })
    expect(isExpected(wanted, file(1, 'a.jpg', 11))).toBe(true)
    expect(isExpected(wanted, file(1, 'b.jpg'))).toBe(true)
    expect(isExpected(wanted, file(1, 'b.jpg', 11))).toBe(false)
  })
})
