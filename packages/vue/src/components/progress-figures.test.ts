import { createFakeUploader } from '@carryon/view/testing'
import { expect, it } from 'vitest'
import { effectScope, ref } from 'vue'
import { useUploads } from '../use-uploads.js'
import { renderHtml } from '../testing/render.js'
import { useTitleProgress } from '../use-title-progress.js'
import UploadItem from './UploadItem.vue'

it.each([
  [0.123e9, '0.4'],
  [10.03e9, '33.4'],
  [29.9999e9, '99.9'],
])('number, bar and title of a file of 30 GB agree to a tenth: %s bytes', async (sent, percent) => {
  const uploader = createFakeUploader()
  uploader
    .upload({ name: 'a', size: 30e9, type: '' })
    .show({ state: 'uploading', progress: { loaded: sent } })
  const target = { title: '' }
  const scope = effectScope()
  const row = scope.run(() => {
    const { groups, totals } = useUploads({ uploader })
    useTitleProgress(totals, ref('t'), target)
    return groups.value.open[0]
  })
  const html = await renderHtml(UploadItem, { row })
  const { title } = target
  scope.stop()
  expect(html).toContain(`>${percent}%</span>`)
  expect(html).toContain(`aria-valuenow="${percent}"`)
  expect(html).toContain(`scaleX(${sent / 30e9})`)
  expect(title).toBe(`${percent}% · t`)
})
