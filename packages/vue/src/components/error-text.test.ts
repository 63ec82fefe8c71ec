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

it('shows the message of a failed upload, as text', async () => {
  const html = await render({ state: 'failed', error: refused })
  expect(html).toMatch(/lang="en"[^>]*>&quot;a\.mp4&quot;: answered 500 &lt;b&gt;disk&lt;\/b&gt;<\/p>/)
  expect(html).toContain('请求编号 r-1')
})

it('shows only the page language for a waiting upload', async () => {
  const html = await render({ state: 'waiting', waitReason: 'service', lastError: refused })
  expect(html).not.toContain('answered 500')
  expect(html).toContain('服务暂无响应，恢复后自动继续')
})

it('does not show an earlier failure while uploading', async () => {
  expect(await render({ state: 'uploading', lastError: refused })).not.toContain('answered 500')
})
