import { UploadError } from '@carryon/client'
import { expect, it } from 'vitest'
import { createFakeUpload, type Shown } from '../testing/fake-upload.js'
import { groupRows, withWorkFirst } from './row-groups.js'
import { totalsOf } from './totals.js'
import { UploadRow } from './upload-row.js'

const error = new UploadError('network', 'No answer.')
const shown: readonly (readonly [string, Shown])[] = [
  ['failed', { state: 'failed', error }],
  ['queued', { state: 'waiting', waitReason: 'queue' }],
  ['paused', { state: 'paused', progress: { loaded: 4 } }],
  ['sending', { state: 'uploading', progress: { loaded: 3, sent: 5 } }],
  ['done', { state: 'done' }],
]
const rows = shown.map(([name, state], index) => {
  const upload = createFakeUpload({ name, size: 10, type: '' }, name)
  upload.show(state)
  return new UploadRow(upload, index)
})
const names = (isLong: boolean) => groupRows(rows, isLong).open.map(({ upload }) => upload.file.name)

it('of a long list what is under way comes first', () => {
  expect(names(true)).toEqual(['sending', 'failed', 'paused', 'queued'])
})

it('of a short list nothing moves when it is paused or fails', () => {
  expect(names(false)).toEqual(['failed', 'paused', 'sending', 'queued'])
})

it('brings what began since to the head, and leaves all as it is while something moves there', () => {
  const before = groupRows(rows.slice(0, 3))
  const after = withWorkFirst(before, rows)
  expect(after.open.map(({ upload }) => upload.file.name)).toEqual(['sending', 'failed', 'paused', 'queued'])
  expect(withWorkFirst(after, rows)).toBe(after)
  expect(withWorkFirst(before, rows.slice(0, 3))).toBe(before)
})

it('counts agree: what is done, has failed and is left are all files', () => {
  const { files, done, failed, filesLeft, bytesLeft } = totalsOf(rows)
  expect([files, done, failed, filesLeft]).toEqual([5, 1, 1, 3])
  expect(bytesLeft).toBe(10 + 6 + 5)
})
