import { expect } from 'vitest'
import { openBucket } from './harness/bucket.js'
import type { Visitor, Files } from './harness/end-to-end.js'
import { endToEnd } from './harness/end-to-end.js'
import type { StoreAdmin } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'

const test = endToEnd()
const count = 30

/**
 * Picks photos together, waits until all are done, and expects each to be stored unchanged. @returns the store's
 * requests meanwhile
 */
async function uploadPhotos(visitor: Visitor, files: Files, store: StoreAdmin, seed: number) {
  const photos = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      files.make(`photo-${index}.jpg`, 200_000 + index, seed + index),
    ),
  )
  const uploads = await visitor.open()
  const before = (await store.journal()).length
  await uploads.pick(...photos.map(({ path }) => path))
  for (const photo of photos) await uploads.row(photo.path).waitFor('done')
  const since = (await store.journal()).slice(before)
  const cookie = await visitor.cookie()
  for (const photo of photos) {
    const object = await readObject(await uploads.row(photo.path).url(), cookie)
    expect(object.sha256).toBe(photo.sha256)
  }
  const acknowledged = (name: string): number =>
    since.filter(({ operation, acknowledged: isDone }) => operation === name && isDone).length
  const preflights = since.filter(({ operation }) => operation === 'Preflight')
  return { acknowledged, preflights }
}

test('photos take one request each, and no preflight of their own', async ({ visitor, files, store }) => {
  const { acknowledged, preflights } = await uploadPhotos(visitor, files, store, 100)
  expect(acknowledged('PostObject')).toBe(count)
  expect(acknowledged('PutObject')).toBe(0)
  // The first requests report upload progress, because the line's speed is unknown. Their preflights go to the
  // bucket's one address, at most one per concurrent request until the first response arrives.
  expect(preflights.filter(({ key }) => key !== '')).toEqual([])
  expect(preflights.length).toBeLessThanOrEqual(6)
})

test('photos arrive all the same, by PUT, where the bucket lets pages PUT but not POST', async ({
  product,
  arrive,
  files,
  store,
}) => {
  const bucket = await openBucket(product)
  const rules = await bucket.getCors()
  await bucket.putCors(rules.map((rule) => ({ ...rule, allowedMethods: ['PUT', 'GET', 'HEAD'] })))
  try {
    const { acknowledged } = await uploadPhotos(await arrive(), files, store, 200)
    expect(acknowledged('PutObject')).toBe(count)
  } finally {
    await bucket.putCors(rules)
  }
})
