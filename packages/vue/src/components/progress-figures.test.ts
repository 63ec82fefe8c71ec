import { createFakeUploader } from '@carryon/view/testing'
import { expect, it } from 'vitest'
import { effectScope, ref } from 'vue'
import { RowList } from '../rows/row-list.js'
import { renderHtml } from '../testing/render.js'
import { useTitleProgress } from '../use-title-progress.js'
import UploadItem from './UploadItem.vue'

const sight = { isHidden: () => false, onShown: () => () => undefined }

it.each([
  [0.123e9, '0.4'],
  [10.03e9, '33.4'],
  [29.9999e9, '99.9'],
])('number, bar and title of a file of 30 GB agree to a tenth: %s bytes', async (sent, percent) => {
  const uploader = createFakeUploader()
  uploader
    .upload({ name: 'a', size: 30e9, type: '' })
    .show({ state: 'uploading', progress: { loaded: sent } })
  const list = new RowList(uploader, () => undefined, Date.now, sight)
  const target = { title: '' }
  const scope = effectScope()
  scope.run(() => useTitleProgress(list.totals, ref('t'), target))
  const html = await renderHtml(UploadItem, { row: list.rows()[0] })
  const { title } = target
  scope.stop()
  list.stop()
  expect(html).toContain(`>${percent}%</span>`)
  expect(html).toContain(`aria-valuenow="${percent}"`)
  expect(html).toContain(`scaleX(${sent / 30e9})`)
  expect(title).toBe(`${percent}% · t`)
})
