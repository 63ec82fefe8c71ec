import type { JournalEntry } from '@carryon/local-cos'
import { expect } from 'vitest'
import { openFragments, openBucket } from './harness/bucket.js'
import { endToEnd } from './harness/end-to-end.js'
import { type MainThreadTask, recordMainThread } from './harness/main-thread.js'
import { report } from './harness/measurements.js'
import { readServerBytes } from './harness/metrics.js'
import { type PageObservations, readProbe } from './harness/page-probe.js'
import { countAcknowledgements, sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { GiB, KiB } from './harness/test-file.js'

const test = endToEnd()

test('a 2 GiB file carries on after a refresh at 40 %, and no acknowledged part is sent twice', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('film.mkv', 2 * GiB)
  const uploads = await visitor.open()
  const row = uploads.row(file.path)
  const firstTasks = await recordMainThread(uploads.page, async () => {
    await uploads.pick(file.path)
    await row.waitForPercent(40)
  })
  const beforeRefresh = await readProbe(uploads.page)

  await uploads.reload()
  await uploads.unfinished.first().waitFor()
  const storedBefore = await store.acknowledgements()
  const laterTasks = await recordMainThread(uploads.page, async () => {
    await uploads.pick(file.path)
    await row.waitFor('done', 300_000)
  })
  const afterRefresh = await readProbe(uploads.page)

  const journal = await store.journal()
  const acknowledgements = countAcknowledgements(journal)
  expect(storedBefore.size).toBeGreaterThan(0.35 * acknowledgements.size)
  expect(sentAgain(storedBefore, acknowledgements)).toEqual([])

  const object = await readObject(await row.url(), await visitor.cookie())
  expect(object.size).toBe(file.size)
  expect(object.sha256).toBe(file.sha256)
  expect(await openFragments(await openBucket(product))).toEqual([])

  const bytes = await readServerBytes(product.url)
  expect(bytes.received + bytes.sent).toBeLessThan(100 * KiB)

  const firstPart = Math.min(...journal.filter(isPart).map(({ at }) => at))
  await report('refresh-2GiB', {
    serverBytes: bytes,
    firstByteAfterMs: firstPart - (beforeRefresh.pickedAt ?? Number.NaN),
    longTasks: [beforeRefresh, afterRefresh].map(longTasksSincePick),
    tracedLongTasks: [firstTasks, laterTasks].map(longTasks),
  })
})

/** The same from the browser's tracing, which also tells how much of a task was waiting for a CPU core. */
function longTasks(tasks: readonly MainThreadTask[]): readonly MainThreadTask[] {
  return tasks.filter(({ duration }) => duration > 50)
}

/** Long tasks after the pick; drawing the empty page is not part of uploading. Milliseconds after the pick. */
function longTasksSincePick({ pickedAt, longTasks }: PageObservations): PageObservations['longTasks'] {
  const since = pickedAt ?? Number.NaN
  return longTasks
    .map(({ at, duration }) => ({ at: at - since, duration }))
    .filter(({ at, duration }) => at + duration > 0)
}

function isPart({ operation }: JournalEntry): boolean {
  return operation === 'UploadPart'
}
