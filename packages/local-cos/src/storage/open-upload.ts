import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CosError, systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'
import { KeyedLock } from './keyed-lock.js'
import type { ObjectAttributes } from './object-record.js'
import { parsePartFileName, partFileName, type PartFile } from './part-file.js'
import type { ReceivedBody } from './receive-body.js'

export interface UploadRecord extends ObjectAttributes {
  readonly uploadId: string
  readonly key: string
  /** Milliseconds since the epoch. */
  readonly initiated: number
  /** Headers that the finished object will have. */
  readonly headers: Readonly<Record<string, string>>
}

/** A multipart upload that is neither completed nor aborted. */
export class OpenUpload {
  readonly record: UploadRecord
  readonly #folder: string
  readonly #files: DurableFiles
  readonly #parts = new Map<number, PartFile>()
  readonly #lock = new KeyedLock()
  #closed = false

  constructor(record: UploadRecord, folder: string, files: DurableFiles) {
    this.record = record
    this.#folder = folder
    this.#files = files
  }

  /** Reads back what earlier runs stored; of two files of one part the later counts, the other is removed. */
  async load(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const part = parsePartFileName(name)
      if (part === null) continue
      const other = this.#parts.get(part.partNumber)
      if (other === undefined || other.sequence < part.sequence) this.#parts.set(part.partNumber, part)
      const older = other === undefined ? undefined : other.sequence < part.sequence ? other : part
      if (older !== undefined) await this.#files.remove(join(this.#folder, partFileName(older)))
    }
  }

  /** Ascending. */
  get parts(): readonly PartFile[] {
    return [...this.#parts.values()].sort((a, b) => a.partNumber - b.partNumber)
  }

  /** Bytes of all parts. */
  get size(): number {
    return this.parts.reduce((sum, part) => sum + part.size, 0)
  }

  /**
   * Stores a received and synced part in place of an earlier one of that number. Once this resolves it survives a power cut.
   *
   * @returns the part, and the one it replaced.
   * @throws {@link CosError} `NoSuchUpload` when the upload was aborted or completed meanwhile.
   */
  async addPart(
    partNumber: number,
    body: ReceivedBody,
    lastModified: number,
  ): Promise<{ readonly part: PartFile; readonly replaced: PartFile | undefined }> {
    try {
      await body.handle.close()
      const stored = await this.#whileOpen(async () => {
        const replaced = this.#parts.get(partNumber)
        const part: PartFile = {
          partNumber,
          sequence: (replaced?.sequence ?? 0) + 1,
          size: body.size,
          md5: body.md5.toString('hex'),
          crc64: body.crc64,
          lastModified,
        }
        await this.#files.rename(body.path, join(this.#folder, partFileName(part)))
        this.#parts.set(partNumber, part)
        return { part, replaced }
      })
      await this.#files.syncFolder(this.#folder)
      // Only now: were the new name not on disk yet, a power cut would take both.
      if (stored.replaced !== undefined) {
        await this.#files.discard(join(this.#folder, partFileName(stored.replaced)))
      }
      return stored
    } catch (error) {
      await this.#files.discard(body.path)
      if (systemErrorCode(error) === 'ENOENT') throw noSuchUpload()
      throw error
    }
  }

  /**
   * Runs the one action that ends this upload; no part can arrive meanwhile. When it fails the upload stays open.
   *
   * @throws {@link CosError} `NoSuchUpload` when it has ended already.
   */
  async end<Result>(action: () => Promise<Result>): Promise<Result> {
    return this.#whileOpen(async () => {
      const result = await action()
      this.#closed = true
      return result
    })
  }

  async #whileOpen<Result>(action: () => Promise<Result>): Promise<Result> {
    return this.#lock.run('', async () => {
      if (this.#closed) throw noSuchUpload()
      return action()
    })
  }
}

export function noSuchUpload(): CosError {
  return new CosError(
    'NoSuchUpload',
    'There is no such multipart upload: it was completed, aborted or never begun.',
  )
}
