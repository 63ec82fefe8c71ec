import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { stopMidway } from './harness/stopped-midway.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd({ UPLOAD_EXPIRE_DAYS: '3', RETENTION_DAYS: '30' })

test('the page says where files are, how long each kind is kept, and whose list it is', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('half.bin', 64 * MiB)
  const uploads = await visitor.open()
  await uploads.pick({ name: 'done.bin', mimeType: '', buffer: Buffer.from('done') })
  await uploads.row('done.bin').waitFor('done')
  await stopMidway(uploads, store, file.path, 10)
  await uploads.reload()
  await uploads.unfinished.first().waitFor()
  const [unfinished = '', finished = ''] = await uploads.page.getByTestId('keeping').allInnerTexts()
  expect(unfinished).toBe('Unfinished uploads are deleted after 3 days without activity.')
  expect(finished.split('\n').filter((line) => line !== '')).toEqual([
    `Files are stored on ${new URL(product.storeUrl).host}.`,
    'Files are deleted 30 days after upload.',
    "You're not signed in: this list belongs to this browser.",
  ])
})
