import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FileSource } from '../seams.js'
import { UploadError } from '../upload-types.js'

/**
 * A file on disk. It is read as it is sent, never as a whole; once it is changed, reading fails.
 *
 * @param options.type MIME type; default `''`
 * @throws UploadError `file-unreadable` when it is missing, no regular file, or may not be read
 * @example uploader.upload(await nodeFile('film.mkv', { type: 'video/x-matroska' }))
 */
export async function nodeFile(path: string, options: { readonly type?: string } = {}): Promise<FileSource> {
  try {
    const { size, mtimeMs } = await stat(path)
    const blob = await openAsBlob(path)
    return {
      name: basename(path),
      size,
      type: options.type ?? '',
      lastModified: Math.round(mtimeMs),
      failsWhenChanged: true,
      slice: (start, end) => blob.slice(start, end),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UploadError('file-unreadable', `"${path}" cannot be read: ${reason}`, { cause: error })
  }
}
