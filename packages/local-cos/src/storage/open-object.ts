import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ObjectRecord } from './object-record.js'
import type { PartFolders } from './part-folders.js'
import { SharedBuffers } from './shared-buffers.js'

/** Memory for reading from disk, shared by all readers. */
const readBuffers = new SharedBuffers(4 * 1024 * 1024, 32 * 1024, 256 * 1024)

/** An object open for reading. Must be closed. */
export class OpenObject {
  readonly record: ObjectRecord
  readonly #handle: FileHandle
  readonly #parts: PartFolders
  readonly #leave = readBuffers.join()
  #closed = false

  constructor(record: ObjectRecord, handle: FileHandle, parts: PartFolders) {
    this.record = record
    this.#handle = handle
    this.#parts = parts
    if (record.joined !== undefined) parts.hold(record.joined.uploadId)
  }

  /** Streams the bytes from `start` to `end`, both inclusive. */
  read(start: number, end: number): Readable {
    const size = readBuffers.share
    return Readable.from(this.#chunks(start, end, size), { objectMode: false, highWaterMark: size })
  }

  /** May be called more than once. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#leave()
    await this.#handle.close()
    if (this.record.joined !== undefined) await this.#parts.release(this.record.joined.uploadId)
  }

  async *#chunks(start: number, end: number, size: number): AsyncGenerator<Buffer> {
    const { joined } = this.record
    if (start > end) return
    if (joined === undefined) {
      yield* this.#handle.createReadStream({ start, end, highWaterMark: size, autoClose: false })
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
          highWaterMark: size,
        })
      }
      offset += part.size
      if (offset > end) return
    }
  }
}
