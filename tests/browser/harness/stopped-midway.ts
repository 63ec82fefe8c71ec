import type { StoreAdmin } from './store-admin.js'
import type { UploadPage } from './upload-page.js'

/**
 * Uploads a file until at least `percent` of it is stored, then pauses it. Slows the store down meanwhile, so that a
 * file of 100 MB is enough to stop midway.
 */
export async function stopMidway(
  uploads: UploadPage,
  store: StoreAdmin,
  path: string,
  percent: number,
): Promise<void> {
  await store.slowDown()
  await uploads.pick(path)
  const row = uploads.row(path)
  await row.waitForPercent(percent)
  await row.pause()
  await row.waitFor('paused')
  await store.heal()
}
