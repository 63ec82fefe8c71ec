import type { DamagedFiles } from './damaged-files.js'
import { objectNameOf } from './object-files.js'
import type { ObjectFolder } from './object-folder.js'
import { DamagedFile } from './object-record.js'
import type { PartFolders } from './part-folders.js'
import { uploadFileNameOf } from './upload-files.js'
import type { UploadFolder } from './upload-folder.js'

/**
 * Removes orphan part files, left by a process killed while creating, aborting or deleting. Parts of a record
 * that was set aside are set aside too. May run concurrently with requests.
 */
export async function sweepOrphanedParts(
  parts: PartFolders,
  objects: ObjectFolder,
  uploads: UploadFolder,
  damaged: DamagedFiles,
): Promise<void> {
  // The order matters: an upload's folder exists before the upload is open, and its object is listed before the
  // upload ends.
  const folders = await parts.list()
  const open = await uploads.openIds()
  const joined = new Set((await objects.listVersions()).map(({ uploadId }) => uploadId))
  for (const uploadId of folders) {
    if (open.has(uploadId) || joined.has(uploadId)) continue
    const reason = await whyToKeep(uploadId, parts, damaged)
    if (reason === null) await parts.remove(uploadId)
    else await damaged.setAside(parts.pathOf(uploadId), `parts-${uploadId}`, reason)
  }
}

async function whyToKeep(
  uploadId: string,
  parts: PartFolders,
  damaged: DamagedFiles,
): Promise<string | null> {
  if (await damaged.holds(uploadFileNameOf(uploadId))) return 'the record of its upload was set aside'
  try {
    const key = await parts.keyOf(uploadId)
    const kept = key !== null && (await damaged.holds(objectNameOf(key)))
    return kept ? 'the record of its object was set aside' : null
  } catch (error) {
    if (error instanceof DamagedFile) return error.message
    throw error
  }
}
