import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'
import { makeFolders } from './private-files.js'

/**
 * Keeps the damaged files of one bucket so that someone can recover data from them. The store never reads or
 * removes these files.
 */
export class DamagedFiles {
  readonly #path: string
  readonly #bucket: string
  readonly #files: DurableFiles
  readonly #log: (line: object) => void

  constructor(path: string, bucket: string, files: DurableFiles, log: (line: object) => void) {
    this.#path = path
    this.#bucket = bucket
    this.#files = files
    this.#log = log
  }

  /** Moves a damaged file, or a folder of parts, here and logs it; does nothing if it no longer exists. */
  async setAside(path: string, name: string, reason: string): Promise<void> {
    await makeFolders(this.#path)
    const target = join(this.#path, `${name}-${randomBytes(4).toString('hex')}`)
    try {
      await this.#files.publish(path, target)
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return
      throw error
    }
    this.#log({
      message: 'damaged file set aside',
      bucket: this.#bucket,
      file: path,
      movedTo: target,
      reason,
    })
  }

  /** Whether a file of that name was set aside. */
  async holds(name: string): Promise<boolean> {
    try {
      return (await readdir(this.#path)).some((other) => other.startsWith(`${name}-`))
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return false
      throw error
    }
  }
}
