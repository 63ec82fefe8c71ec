import type { UnfinishedUpload } from '@carryon/client'
import { expect, it } from 'vitest'
import { FakeUnfinished } from '../testing/fake-unfinished.js'
import { matchQueued } from './match-files.js'

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

it('finds the file of the same time before one of the same name', () => {
  expect(ids(matchQueued([row('old'), row('new', { lastModified: 2 })], [file(2), file(3)]))).toEqual([
    'new',
    'old',
  ])
})

it('takes each row once, and leaves what is new to be new', () => {
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
