import { UploadError } from '../../upload-types.js'
import { askPermission, noteHandle } from './file-handles.js'

/**
 * The file behind a handle. Asks for permission, which needs a click that is not long ago.
 *
 * Rejects with an `UploadError`: `permission-denied` or `file-unreadable` (moved or deleted).
 *
 * @param name for messages
 */
export async function fileFromHandle(handle: FileSystemFileHandle, name: string): Promise<File> {
  // Asking without a click is an error in itself, and means the same.
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

/** The file cannot be had without a pick. @param why in words */
export function unreadable(name: string, why: string, cause?: unknown): UploadError {
  return new UploadError(
    'file-unreadable',
    `"${name}" cannot be read. ${why} Pick the file again to go on.`,
    {
      cause,
    },
  )
}
