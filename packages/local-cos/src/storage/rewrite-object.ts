import { constants } from 'node:fs'
import { copyFile, open, type FileHandle } from 'node:fs/promises'
import type { DurableFiles } from './durable-files.js'
import { encodeTrailer, type ObjectRecord } from './object-record.js'
import type { ReceivedBody } from './receive-body.js'

/** Bytes read at a time. */
const readSize = 1024 * 1024

/** What follows the first `kept` bytes of an object's content. */
export interface Extension {
  readonly kept: number
  readonly write: (handle: FileHandle) => Promise<void>
}

/**
 * Gives an object's file another record: writes a copy beside it and renames that into place, so that a kill leaves the
 * one or the other. Where the file system can share blocks between files the copy takes neither room nor time; the bytes
 * never pass through this process.
 *
 * @param extend how the content goes on, when it does.
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

/** Writes the whole of a received body to the end of another file. */
export async function appendFrom(body: ReceivedBody, target: FileHandle): Promise<void> {
  const source = body.handle.createReadStream({ start: 0, autoClose: false, highWaterMark: readSize })
  for await (const chunk of source as AsyncIterable<Buffer>) await target.appendFile(chunk)
}
