import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ObjectRecord } from './object-record.js'
import type { PartFolders } from './part-folders.js'

/** Bytes read from disk at a time. */
const readSize = 256 * 1024

/** An object being read. Must be closed. */
export class OpenObject {
  readonly record: ObjectRecord
  readonly #handle: FileHandle
  readonly #parts: PartFolders
  #closed = false

  constructor(record: ObjectRecord, handle: FileHandle, parts: PartFolders) {
    this.record = record
    this.#handle = handle
    this.#parts = parts
    if (record.joined !== undefined) parts.hold(record.joined.uploadId)
  }

  /** The bytes from `start` to `end`, both included. */
  read(start: number, end: number): Readable {
    return Readable.from(this.#chunks(start, end), { objectMode: false, highWaterMark: readSize })
  }

  /** May be called again. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#handle.close()
    if (this.record.joined !== undefined) await this.#parts.release(this.record.joined.uploadId)
  }

  async *#chunks(start: number, end: number): AsyncGenerator<Buffer> {
    const { joined } = this.record
    if (start > end) return
    if (joined === undefined) {
      yield* this.#handle.createReadStream({ start, end, highWaterMark: readSize, autoClose: false })
      return
    }
    const folder = this.#parts.pathOf(joined.uploadId)
    let offset = 0
    for (const part of joined.parts) {
      const from = Math.max(start, offset)
      const to = Math.min(end, offset + part.size - 1)
      if (from <= to) {
        yield* createReadStream(join(folder, part.file), {
          start: from - offset,
          end: to - offset,
          highWaterMark: readSize,
        })
      }
      offset += part.size
      if (offset > end) return
    }
  }
}
