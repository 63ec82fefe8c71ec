import { UploadError } from '@carryon/client'
import { UploadRow } from '@carryon/view'
import { createFakeUpload, type Shown } from '@carryon/view/testing'
import { expect, it } from 'vitest'
import { watchRow } from '../rows/upload-row.js'
import { renderHtml } from '../testing/render.js'
import UploadItem from './UploadItem.vue'

function render(shown: Shown): Promise<string> {
  const upload = createFakeUpload({ name: 'a.mp4', size: 1e6, type: '' }, 'a')
  upload.show(shown)
  return renderHtml(UploadItem, { row: watchRow(new UploadRow(upload, 1)) }, 'zh')
}
const refused = new UploadError('server-error', '"a.mp4": answered 500 <b>disk</b>', { requestId: 'r-1' })

it.each([
  ['failed', { state: 'failed', error: refused }],
  ['waiting', { state: 'waiting', waitReason: 'service', lastError: refused }],
] as const)('shows while %s what was said, as text', async (_, shown) => {
  const html = await render(shown)
  expect(html).toMatch(/lang="en"[^>]*>&quot;a\.mp4&quot;: answered 500 &lt;b&gt;disk&lt;\/b&gt;<\/p>/)
  expect(html).toContain('请求编号 r-1')
})

it('shows nothing of an earlier failure while uploading', async () => {
  expect(await render({ state: 'uploading', lastError: refused })).not.toContain('answered 500')
})
