import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CosError, systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'
import { KeyedLock } from './keyed-lock.js'
import { parsePartFileName, partFileName, type PartFile } from './part-file.js'
import type { ReceivedBody } from './receive-body.js'
import type { UploadRecord } from './upload-files.js'

interface Stored {
  readonly part: PartFile
  readonly replaced: PartFile | undefined
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

  /**
   * Loads the parts stored by earlier runs. If a part has two files, the one with the higher sequence is kept
   * and the other removed.
   *
   * @returns whether the folder of parts exists.
   */
  async load(): Promise<boolean> {
    const names = await this.#fileNames()
    for (const name of names ?? []) {
      const part = parsePartFileName(name)
      if (part === null) continue
      const other = this.#parts.get(part.partNumber)
      if (other === undefined || other.sequence < part.sequence) this.#parts.set(part.partNumber, part)
      const older = other === undefined ? undefined : other.sequence < part.sequence ? other : part
      if (older !== undefined) await this.#files.remove(join(this.#folder, partFileName(older)))
    }
    return names !== null
  }

  /** Sorted by part number. */
  get parts(): readonly PartFile[] {
    return [...this.#parts.values()].sort((a, b) => a.partNumber - b.partNumber)
  }

  /** Total bytes of all parts. */
  get size(): number {
    return this.parts.reduce((sum, part) => sum + part.size, 0)
  }

  /**
   * Stores a received and synced part, replacing any earlier part with that number. When this resolves, the
   * part survives a power failure.
   *
   * @returns the part, and the one it replaced.
   * @throws {@link CosError} `NoSuchUpload` if the upload was aborted or completed meanwhile. After any error, the
   *   part is not stored, and an earlier one with that number still is.
   */
  async addPart(partNumber: number, body: ReceivedBody, lastModified: number): Promise<Stored> {
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
      await this.#files.syncFolder(this.#folder).catch(async (error: unknown) => {
        await this.#withdraw(stored)
        throw error
      })
      // Only now: before the new name is on disk, a power failure could lose both files.
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
   * Runs the action that ends this upload, while no part can be added. If it fails, the upload stays open.
   *
   * @throws {@link CosError} `NoSuchUpload` if the upload has already ended.
   */
  async end<Result>(action: () => Promise<Result>): Promise<Result> {
    return this.#whileOpen(async () => {
      const result = await action()
      this.#closed = true
      return result
    })
  }

  /** Undoes the storing of a part, unless it has been replaced or the upload has ended. */
  async #withdraw({ part, replaced }: Stored): Promise<void> {
    await this.#lock.run('', async () => {
      if (this.#closed || this.#parts.get(part.partNumber) !== part) return
      if (replaced === undefined) this.#parts.delete(part.partNumber)
      else this.#parts.set(part.partNumber, replaced)
      await this.#files.discard(join(this.#folder, partFileName(part)))
    })
  }

  async #fileNames(): Promise<readonly string[] | null> {
    try {
      return await readdir(this.#folder)
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null
      throw error
    }
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
