import { UploadError } from '../../upload-types.js'
import { askPermission, noteHandle } from './file-handles.js'

/**
 * The file behind a handle. Asks for permission, which requires a recent click.
 *
 * Rejects with an `UploadError`: `permission-denied` or `file-unreadable` (moved or deleted).
 *
 * @param name for messages
 */
export async function fileFromHandle(handle: FileSystemFileHandle, name: string): Promise<File> {
  // Asking without a click rejects, which means the same as a denial.
  const permission = await askPermission(handle).catch(() => 'denied' as const)
  if (permission !== 'granted') {
    throw new UploadError(
      'permission-denied',
      `"${name}": the browser was not allowed to read the file again. Allow it, or pick the file again.`,
      { retryable: true },
    )
  }
  try {
    return noteHandle(await handle.getFile(), handle)
  } catch (cause) {
    throw unreadable(name, 'Was it moved or deleted?', cause)
  }
}

/** An error for a file that has to be picked again. @param why reason as a sentence */
export function unreadable(name: string, why: string, cause?: unknown): UploadError {
  return new UploadError(
    'file-unreadable',
    `"${name}" cannot be read. ${why} Pick the file again to go on.`,
    {
      cause,
    },
  )
}
