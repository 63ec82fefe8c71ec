import { constants } from 'node:fs'
import { copyFile, open, type FileHandle } from 'node:fs/promises'
import type { DurableFiles } from './durable-files.js'
import { encodeTrailer, type ObjectRecord } from './object-record.js'
import type { ReceivedBody } from './receive-body.js'

/** Bytes read at a time. */
const readSize = 1024 * 1024

/** New content after the first `kept` bytes of an object. */
export interface Extension {
  readonly kept: number
  readonly write: (handle: FileHandle) => Promise<void>
}

/**
 * Replaces the record in an object's file: writes a copy and renames it into place, so that a killed process
 * leaves either the old or the new file. If the file system can share blocks between files, the copy takes no
 * extra space or time. The bytes never pass through this process.
 *
 * @param extend content to add after the kept bytes, if any.
 */
export async function rewriteObject(
  files: DurableFiles,
  file: string,
  record: ObjectRecord,
  extend?: Extension,
): Promise<void> {
  const temporary = files.temporaryPath()
  try {
    await copyFile(file, temporary, constants.COPYFILE_FICLONE)
    const handle = await open(temporary, 'a')
    try {
      await handle.truncate(extend?.kept ?? (record.joined === undefined ? record.size : 0))
      await extend?.write(handle)
      await handle.appendFile(encodeTrailer(record))
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await files.publish(temporary, file)
  } catch (error) {
    await files.discard(temporary)
    throw error
  }
}

/** Appends a received body to another file. */
export async function appendFrom(body: ReceivedBody, target: FileHandle): Promise<void> {
  const source = body.handle.createReadStream({ start: 0, autoClose: false, highWaterMark: readSize })
  for await (const chunk of source as AsyncIterable<Buffer>) await target.appendFile(chunk)
}
