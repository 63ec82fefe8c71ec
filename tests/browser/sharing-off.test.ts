import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'

const test = endToEnd({ SHARE_LINK_DAYS: '0' })

test('without the right to share there is no button, and the row says where the file opens', async ({
  visitor,
}) => {
  const uploads = await visitor.open()
  await uploads.pick({ name: 'mine.bin', mimeType: '', buffer: Buffer.from('mine') })
  const row = uploads.row('mine.bin')
  await row.waitFor('done')
  expect(await row.locator.getByTestId('upload-url-private').innerText()).toMatch(/only in this browser/u)
  expect(await row.locator.getByTestId('share-link').count()).toBe(0)
  expect(await row.locator.getByTestId('upload-copy').count()).toBe(0)
  expect(await row.locator.getByTestId('upload-url').innerText()).toBe('Download')
})
