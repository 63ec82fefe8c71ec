import { expect, it } from 'vitest'
import { createFakeUpload, type Shown } from '../testing/fake-upload.js'
import { totalsOf } from './totals.js'
import { UploadRow } from './upload-row.js'

function percentOfRows(...rows: readonly Shown[]): number {
  return totalsOf(
    rows.map((shown, index) => {
      const upload = createFakeUpload({ name: 'a', size: 1000, type: '' }, 'a')
      upload.show(shown)
      return new UploadRow(upload, index)
    }),
  ).percent
}

it('shows 100 percent only when everything is stored', () => {
  expect(percentOfRows({ state: 'done' }, { state: 'uploading', progress: { sent: 1000 } })).toBe(99.99)
  expect(percentOfRows({ state: 'done' }, { state: 'finishing', progress: { loaded: 1000 } })).toBe(100)
})
