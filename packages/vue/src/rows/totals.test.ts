import { createFakeUpload, type Shown } from '@carryon/view/testing'
import { expect, it } from 'vitest'
import { totalsOf } from './totals.js'
import { createUploadRow } from './upload-row.js'

function percentOfRows(...rows: readonly Shown[]): number {
  return totalsOf(
    rows.map((shown, index) => {
      const upload = createFakeUpload({ name: 'a', size: 1000, type: '' }, 'a')
      upload.show(shown)
      return createUploadRow(upload, index)
    }),
  ).percent
}

it('tells 100 percent only when all is stored', () => {
  expect(percentOfRows({ state: 'done' }, { state: 'uploading', progress: { sent: 1000 } })).toBe(99.99)
  expect(percentOfRows({ state: 'done' }, { state: 'finishing', progress: { loaded: 1000 } })).toBe(100)
})
