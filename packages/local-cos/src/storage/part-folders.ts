import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'
import { parseJson } from './object-record.js'

const recordName = 'upload.json'

/**
 * Folders with the part files of open or joined uploads: `parts/<upload id>/`. A folder still being read is
 * removed when the last reader has finished.
 */
export class PartFolders {
  readonly #path: string
  readonly #files: DurableFiles
  readonly #readers = new Map<string, number>()
  readonly #doomed = new Set<string>()

  constructor(path: string, files: DurableFiles) {
    this.#path = path
    this.#files = files
  }

  pathOf(uploadId: string): string {
    return join(this.#path, uploadId)
  }

  /**
   * Marks an upload's parts as belonging to an object, by moving the upload's record, which marked the upload
   * as open, into their folder.
   */
  async keep(uploadId: string, recordFile: string): Promise<void> {
    await this.#files.publish(recordFile, join(this.pathOf(uploadId), recordName))
  }

  /** Ids of all uploads that have a folder. */
  async list(): Promise<readonly string[]> {
    return readdir(this.#path)
  }

  /**
   * Key of the object these parts were joined into; `null` if they were not joined.
   *
   * @throws {@link DamagedFile}
   */
  async keyOf(uploadId: string): Promise<string | null> {
    try {
      const record = parseJson(await readFile(join(this.pathOf(uploadId), recordName), 'utf8'))
      return (record as { readonly key: string }).key
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null
      throw error
    }
  }

  hold(uploadId: string): void {
    this.#readers.set(uploadId, (this.#readers.get(uploadId) ?? 0) + 1)
  }

  async release(uploadId: string): Promise<void> {
    const readers = (this.#readers.get(uploadId) ?? 1) - 1
    if (readers > 0) {
      this.#readers.set(uploadId, readers)
      return
    }
    this.#readers.delete(uploadId)
    if (this.#doomed.delete(uploadId)) await this.remove(uploadId)
  }

  async remove(uploadId: string): Promise<void> {
    if (this.#readers.has(uploadId)) this.#doomed.add(uploadId)
    else await this.#files.removeFolder(this.pathOf(uploadId))
  }
}
