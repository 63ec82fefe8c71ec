import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openBucket, openFragments } from './harness/bucket.js'
import { endToEnd } from './harness/end-to-end.js'
import { report } from './harness/measurements.js'
import { listUploads } from './harness/register.js'
import { silence } from './harness/silence.js'
import { GiB, KiB, MiB } from './harness/test-file.js'

const test = endToEnd()

test('a large file over a slow line: begun anew within seconds, in parts that are little to lose', async ({
  product,
  store,
  visitor,
  files,
}) => {
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: 512 * KiB } })
  // Sparse: nothing of its content matters here.
  const path = join(files.folder, 'film.mkv')
  await writeFile(path, '')
  await truncate(path, 2 * GiB)
  const uploads = await visitor.open()
  await uploads.pick(path)
  const row = uploads.row(path)
  await row.waitFor('uploading')
  const began = Date.now()
  const cookie = await visitor.cookie()
  const partSizes = new Set<number>()
  while (partSizes.size < 2 && Date.now() - began < 30_000) {
    for (const { partSize } of await listUploads(product.url, cookie, 'open')) partSizes.add(partSize)
    await silence(100)
  }
  const took = Date.now() - began
  expect([...partSizes]).toEqual([32 * MiB, 8 * MiB])
  // Nothing is left of the first beginning, and the second one stays.
  await silence(3_000)
  expect(await openFragments(await openBucket(product))).toHaveLength(1)
  expect((await listUploads(product.url, cookie, 'open')).map(({ partSize }) => partSize)).toEqual([8 * MiB])
  expect(await row.state()).toBe('uploading')
  await row.cancel()
  expect(await openFragments(await openBucket(product))).toEqual([])
  await report('slow-line', { begunAnewAfterMs: took })
})
