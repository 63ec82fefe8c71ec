import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { report } from './harness/measurements.js'
import { listUploads, uploadOf } from './harness/server-uploads.js'
import { countAcknowledgements, sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test('a large file over a fast line goes on in larger parts, after a refresh too, and nothing is sent twice', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('film.mkv', 768 * MiB)
  // 96 MiB/s in total over six requests: fast enough for parts to grow.
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: 16 * MiB } })
  const uploads = await visitor.open()
  const row = uploads.row(file.path)
  await uploads.pick(file.path)
  await row.waitForPercent(40)
  await uploads.reload()
  await uploads.unfinished.first().waitFor()
  const storedBefore = await store.acknowledgements()
  await uploads.pick(file.path)
  await row.waitFor('done', 120_000)

  const acknowledgements = countAcknowledgements(await store.journal())
  expect(sentAgain(storedBefore, acknowledgements)).toEqual([])
  const cookie = await visitor.cookie()
  expect((await readObject(await row.url(), cookie)).sha256).toBe(file.sha256)
  const [listed] = await listUploads(product.url, cookie, 'done')
  const upload = await uploadOf(product.url, cookie, listed?.id ?? '')
  await report('part-sizes', { partRuns: upload.partRuns, partCount: upload.partCount })
  expect(upload.partSize).toBe(MiB)
  expect(Math.max(...(upload.partRuns ?? []).map((run) => run.partSize))).toBeGreaterThanOrEqual(16 * MiB)
  expect(acknowledgements.size).toBe(upload.partCount)
})
