import type { StoreAdmin } from './store-admin.js'
import { MiB } from './test-file.js'
import type { UploadPage } from './upload-page.js'

/**
 * Uploads a file until at least `percent` of it is stored, then pauses it. Slows the store down meanwhile, so that a
 * file of 64 MiB leaves several seconds for the pause.
 */
export async function stopMidway(
  uploads: UploadPage,
  store: StoreAdmin,
  path: string,
  percent: number,
): Promise<void> {
  await store.slowDown(2 * MiB)
  await uploads.pick(path)
  const row = uploads.row(path)
  await row.waitForPercent(percent)
  await row.pause()
  await row.waitFor('paused')
  await store.heal()
}
