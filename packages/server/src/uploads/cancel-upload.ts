import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import { notFound } from './upload-problems.js'
import { endUpload, removeFromStore } from './end-upload.js'
import type { UploadServices } from './upload-services.js'
import type { UploadView } from './upload-view.js'

/**
 * Ends an upload and removes its data from the store; resolves once it is gone. Safe to repeat: a repeated cancel retries a
 * failed removal.
 *
 * @returns `null`, or the upload if it is already done and so was not cancelled.
 */
export async function cancelUpload(
  services: UploadServices,
  owner: string,
  id: string,
): Promise<UploadRow | null> {
  const row = await services.repository.find(owner, id)
  if (row === undefined) throw notFound()
  if (row.state !== 'done' && (await endUpload(services, row, null)) !== undefined) return null
  const current = (await services.repository.get(id)) ?? row
  if (current.state === 'done') return current
  if (current.cleanupAt !== null && current.cleanupAt <= services.now())
    await removeFromStore(services, current)
  return null
}

/** @throws Problem `already-done`, which includes the upload. */
export function alreadyDone(view: UploadView): Problem {
  return new Problem(
    'already-done',
    'The upload is finished: nothing is left to send or to cancel. The file is at the "url" of the upload.',
    { upload: view },
  )
}
