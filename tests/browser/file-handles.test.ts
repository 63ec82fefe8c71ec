import { expect } from 'vitest'
import { endToEnd, type Visitor } from './harness/end-to-end.js'
import { answerHandles, makeHandledFile, removeHandledFile } from './harness/handled-file.js'
import { type StoreAdmin, sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'
import type { UploadPage } from './harness/upload-page.js'

const test = endToEnd()
const name = 'picked.bin'

/** Picks a file with the page's button and leaves it half uploaded. */
async function leaveHalfway(
  visitor: Visitor,
  store: StoreAdmin,
  answer: 'granted' | 'denied',
): Promise<{ readonly uploads: UploadPage; readonly sha256: string }> {
  await answerHandles(visitor.chromium.context, answer)
  const uploads = await visitor.open()
  const sha256 = await makeHandledFile(uploads.page, 96 * MiB)
  await store.slowDown()
  await uploads.page.getByTestId('drop-zone').getByRole('button').first().click()
  await uploads.row(name).waitForPercent(30)
  return { uploads, sha256 }
}

test('picked by handle, it goes on after a reload with one click', async ({ store, visitor }) => {
  const { uploads, sha256 } = await leaveHalfway(visitor, store, 'granted')
  await uploads.reload()
  await store.heal()
  const unfinished = uploads.unfinishedRow(name)
  await unfinished.locator.waitFor()
  expect(await unfinished.locator.getAttribute('data-needs')).toBe('permission')
  const storedBefore = await store.acknowledgements()
  await unfinished.locator.getByTestId('unfinished-resume').click()
  const row = uploads.row(name)
  await row.waitFor('done')
  expect(sentAgain(storedBefore, await store.acknowledgements())).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(sha256)
})

test('not allowed to read it again, the page says so and offers to pick it', async ({ store, visitor }) => {
  const { uploads } = await leaveHalfway(visitor, store, 'denied')
  await uploads.reload()
  const unfinished = uploads.unfinishedRow(name)
  await unfinished.locator.getByTestId('unfinished-resume').click()
  await unfinished.locator.getByTestId('upload-error').waitFor()
  expect(await unfinished.locator.getByTestId('upload-error').getAttribute('data-code')).toBe(
    'permission-denied',
  )
  expect(await unfinished.locator.getByTestId('unfinished-pick').count()).toBe(1)
  expect(await uploads.rows.count()).toBe(0)
})

test('deleted since, the page says so, and picking it is what is left', async ({ store, visitor }) => {
  const { uploads } = await leaveHalfway(visitor, store, 'granted')
  await uploads.reload()
  const unfinished = uploads.unfinishedRow(name)
  await unfinished.locator.waitFor()
  await removeHandledFile(uploads.page)
  await unfinished.locator.getByTestId('unfinished-resume').click()
  await unfinished.locator.getByTestId('upload-error').waitFor()
  expect(await unfinished.locator.getByTestId('upload-error').getAttribute('data-code')).toBe(
    'file-unreadable',
  )
  expect(await unfinished.locator.getAttribute('data-needs')).toBe('file')
})
