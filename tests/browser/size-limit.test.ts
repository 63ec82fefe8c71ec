import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/server-uploads.js'

const test = endToEnd({ UPLOAD_MAX_BYTES: '1000000' })

test('a file over the limit is refused in words before it is read, and one at the limit is not', async ({
  product,
  visitor,
  files,
}) => {
  const large = await files.make('large.bin', 1_000_001)
  const atLimit = await files.make('at-limit.bin', 1_000_000)
  const uploads = await visitor.open()
  await expect.poll(() => uploads.limits()).toBe('Up to 1.0 MB per file')
  await uploads.pick(large.path, atLimit.path)
  await expect.poll(() => uploads.leftOut()).toEqual(['large.bin too-large'])
  await uploads.row(atLimit.path).waitFor('done')
  expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
})

test('where the server does not tell its limits, it refuses by itself', async ({ visitor, files }) => {
  const large = await files.make('large.bin', 1_000_001)
  const uploads = await visitor.open()
  await uploads.page.route('**/api/limits', (route) => route.fulfill({ status: 404, body: '' }))
  await uploads.page.reload()
  await uploads.pick(large.path)
  await uploads.row(large.path).waitFor('failed')
  expect(await uploads.row(large.path).error()).toContain('larger than this site accepts')
  expect(await uploads.limits()).toBe(null)
})
