import { openAsBlob } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FileSource } from '../ports.js'
import { UploadError } from '../upload-types.js'

/**
 * A file on disk. It is read while it is sent, never as a whole; after it was changed, reading fails.
 *
 * @param options.name default: the last part of the path
 * @param options.type MIME type; default `''`
 * @throws UploadError `file-unreadable` when it is missing, not readable, or not a regular file with a size: a
 * folder, a pipe, a device, or a file that the system generates while it is read (`/proc`). Use {@link spooledFile}
 * for pipes.
 * @example uploader.upload(await nodeFile('film.mkv', { type: 'video/x-matroska' }))
 */
export async function nodeFile(
  path: string,
  options: { readonly name?: string; readonly type?: string } = {},
): Promise<FileSource> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new Error(found.isDirectory() ? 'it is a folder' : 'it is no regular file')
    if (found.size === 0 && (await holdsBytes(path))) throw new Error('it has no size of its own')
    const blob = await openAsBlob(path)
    return {
      name: options.name ?? basename(path),
      size: found.size,
      type: options.type ?? '',
      lastModified: Math.round(found.mtimeMs),
      failsWhenChanged: true,
      slice: (start, end) => blob.slice(start, end),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UploadError('file-unreadable', `"${path}" cannot be read: ${reason}`, { cause: error })
  }
}

/** Whether a file has bytes although its size is 0, like those of `/proc`. */
export async function holdsBytes(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    return (await file.read(Buffer.alloc(1), 0, 1, 0)).bytesRead > 0
  } finally {
    await file.close()
  }
}
