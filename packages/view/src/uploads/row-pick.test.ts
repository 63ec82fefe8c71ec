import type { UnfinishedUpload } from '@carryon/client'
import { describe, expect, it } from 'vitest'
import { createFakeUpload } from '../testing/fake-upload.js'
import { FakeUnfinished } from '../testing/fake-unfinished.js'
import { createRowPick } from './row-pick.js'

function start(state: UnfinishedUpload['state']) {
  const row = new FakeUnfinished({
    name: 'a.txt',
    size: 3,
    state,
    begin: (file) => createFakeUpload(file, 'u'),
  })
  const unfinished: UnfinishedUpload[] = [row]
  const taken: string[] = []
  const pick = createRowPick(() => unfinished, {
    resume: ({ name }, file) => taken.push(`${name} goes on with ${file.name}`),
    add: ({ name }) => taken.push(`${name} is new`),
  })
  pick.begin(row)
  const others = () => [...pick.snapshot].map(([id, { name }]) => `${id}: ${name}`)
  return { row, unfinished, pick, taken, others }
}
const file = (name: string, content = 'abc') => new File([content], name)

describe('the file picked in a row', () => {
  it('is what the row goes on with', () => {
    const { pick, taken, others } = start('queued')
    pick.picked([file('a.txt')])
    expect(taken).toEqual(['a.txt goes on with a.txt'])
    expect(others()).toEqual([])
  })

  it.each([
    ['queued', file('b.txt')],
    ['queued', file('a.txt', 'abcd')],
    ['open', file('b.txt', 'abcd')],
  ] as const)('is asked about where it is another (%s)', (state, other) => {
    const { row, pick, taken, others } = start(state)
    pick.picked([other])
    expect(taken).toEqual([])
    expect(others()).toEqual([`${row.id}: ${other.name}`])
    pick.addAsNew(row.id)
    expect(taken).toEqual([`${other.name} is new`])
    expect(others()).toEqual([])
  })

  it('is let go where it is another and nobody wants it', () => {
    const { row, pick, taken, others } = start('queued')
    pick.picked([file('b.txt')])
    pick.dropOther(row.id)
    expect(others()).toEqual([])
    expect(taken).toEqual([])
  })

  it('is uploaded where the row is gone by then', () => {
    const { unfinished, pick, taken } = start('queued')
    unfinished.pop()
    pick.picked([file('a.txt')])
    expect(taken).toEqual(['a.txt is new'])
  })
})
