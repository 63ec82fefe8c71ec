import { join } from 'node:path'
import type { DurableFiles } from './durable-files.js'

/**
 * The folders that hold the part files of uploads, open or joined: `parts/<upload id>/`. One that is still being read
 * is removed only after the last reader is done.
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

  get root(): string {
    return this.#path
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
