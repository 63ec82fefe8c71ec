import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileSource } from '../ports.js'
import { UploadError } from '../upload-types.js'
import { nodeFile } from './node-file.js'

/** A copy of a stream that can be read only once. */
export interface SpooledFile {
  /** Pass it to `upload`. */
  readonly file: FileSource
  /** Removes the copy. */
  remove(): Promise<void>
}

/**
 * Copies a stream to a temporary file that only this user can read, because an upload reads its file more than once,
 * and needs its size in advance.
 *
 * @param options.folder where the copy is made; default: the system's temporary folder (`TMPDIR`)
 * @throws UploadError `file-unreadable` when the stream is empty or fails, or there is no space for the copy. Rejects
 * with the signal's reason when it is aborted.
 */
export async function spooledFile(
  stream: Readable,
  options: {
    readonly name: string
    readonly type?: string
    readonly folder?: string
    readonly signal?: AbortSignal
  },
): Promise<SpooledFile> {
  const { name, signal, folder = tmpdir() } = options
  const own = await mkdtemp(join(folder, 'carryon-spool-'))
  const remove = (): Promise<void> => rm(own, { recursive: true, force: true })
  try {
    const copy = join(own, 'copy')
    await pipeline(stream, createWriteStream(copy, { mode: 0o600 }), signal === undefined ? {} : { signal })
    const file = await nodeFile(copy, options)
    // The writing process may have failed; an empty object would look like success.
    if (file.size === 0) throw new UploadError('file-unreadable', `"${name}": nothing came out of it`)
    return { file, remove }
  } catch (error) {
    await remove()
    signal?.throwIfAborted()
    if (error instanceof UploadError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UploadError(
      'file-unreadable',
      `"${name}" cannot be copied to ${folder} to be uploaded from there: ${reason}. TMPDIR names another folder.`,
      { cause: error },
    )
  }
}
