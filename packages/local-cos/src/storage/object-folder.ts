import { createHash } from 'node:crypto'
import { open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { fileAlreadyExists, systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'
import { KeyedLock } from './keyed-lock.js'
import { ObjectIndex } from './object-index.js'
import { OpenObject } from './open-object.js'
import { encodeTrailer, readRecord, type ObjectRecord } from './object-record.js'
import type { PartFolders } from './part-folders.js'
import { createFile } from './private-files.js'
import type { Quota } from './quota.js'
import type { ReceivedBody } from './receive-body.js'
import { appendFrom, rewriteObject } from './rewrite-object.js'

/**
 * The finished objects of one bucket: `objects/<2 hex>/<SHA-256 of the key>`. A key is never a path, so `..`, NUL or
 * 850 bytes of any script are harmless.
 */
export class ObjectFolder {
  readonly #path: string
  readonly #files: DurableFiles
  readonly #parts: PartFolders
  readonly #quota: Quota
  readonly #locks = new KeyedLock()
  /** Built on the first listing, so that starting does not read every object; then kept up to date. */
  readonly #index = new ObjectIndex(() => this.#records())

  constructor(path: string, files: DurableFiles, parts: PartFolders, quota: Quota) {
    this.#path = path
    this.#files = files
    this.#parts = parts
    this.#quota = quota
  }

  async find(key: string): Promise<ObjectRecord | null> {
    const found = await this.#openFile(key)
    if (found === null) return null
    await found.handle.close()
    return found.record
  }

  /** For reading; the content stays readable until closed, though the key be overwritten or deleted meanwhile. */
  async open(key: string): Promise<OpenObject | null> {
    return this.#locks.run(key, async () => {
      const found = await this.#openFile(key)
      return found === null ? null : new OpenObject(found.record, found.handle, this.#parts)
    })
  }

  /** Stores a received body as an object. Once this resolves the object survives a power cut. */
  async put(
    body: ReceivedBody,
    record: Omit<ObjectRecord, 'size' | 'joined'>,
    options: { readonly forbidOverwrite: boolean },
  ): Promise<ObjectRecord> {
    const full = { ...record, size: body.size }
    await this.#publish(body.path, body.handle, full, options)
    return full
  }

  /** Makes an object of the parts of an upload: writes a list of part files, whatever their size. */
  async join(record: ObjectRecord, options: { readonly forbidOverwrite: boolean }): Promise<void> {
    const path = this.#files.temporaryPath()
    await this.#publish(path, await createFile(path), record, options)
  }

  /**
   * Changes what is said of an object; its content and its size must stay as they are. Once this resolves the change
   * survives a power cut.
   *
   * @param change of the record as it is now; may throw to leave it.
   * @returns the new record; `null` when there is no such object.
   */
  async change(key: string, change: (record: ObjectRecord) => ObjectRecord): Promise<ObjectRecord | null> {
    return this.#locks.run(key, async () => {
      const record = await this.find(key)
      if (record === null) return null
      const changed = change(record)
      await rewriteObject(this.#files, this.#fileOf(key), changed)
      this.#index.set(changed)
      return changed
    })
  }

  /**
   * Appends a received body to an object, or stores it as the first piece of one. Once this resolves it survives a power
   * cut; a kill before leaves the object as it was.
   *
   * @param plan the record to be, from the one there is; may throw to leave it.
   */
  async append(
    key: string,
    body: ReceivedBody,
    plan: (record: ObjectRecord | null) => ObjectRecord,
  ): Promise<ObjectRecord> {
    return this.#locks.run(key, async () => {
      const before = await this.find(key)
      const record = plan(before)
      if (before === null) {
        await seal(body.handle, record)
        await this.#moveIn(body.path, key)
      } else {
        await rewriteObject(this.#files, this.#fileOf(key), record, {
          kept: before.size,
          write: async (handle) => appendFrom(body, handle),
        })
        await body.handle.close()
        await this.#files.discard(body.path)
      }
      this.#index.set(record)
      return record
    })
  }

  /** Resolves to whether there was such an object. */
  async remove(key: string): Promise<boolean> {
    return this.#locks.run(key, async () => {
      const record = await this.find(key)
      if (record === null) return false
      await this.#files.remove(this.#fileOf(key))
      this.#index.remove(key)
      await this.#free(record)
      return true
    })
  }

  /** All keys, sorted by their UTF-8 bytes, with what a listing shows. */
  async list(): ReturnType<ObjectIndex['sorted']> {
    return this.#index.sorted()
  }

  async #publish(
    temporary: string,
    handle: FileHandle,
    record: ObjectRecord,
    { forbidOverwrite }: { readonly forbidOverwrite: boolean },
  ): Promise<void> {
    try {
      await seal(handle, record)
      await this.#locks.run(record.key, async () => {
        const previous = await this.find(record.key)
        if (previous !== null && forbidOverwrite) {
          throw fileAlreadyExists()
        }
        await this.#moveIn(temporary, record.key)
        this.#index.set(record)
        if (previous !== null) await this.#free(previous)
      })
    } catch (error) {
      await this.#files.discard(temporary)
      throw error
    }
  }

  async #moveIn(temporary: string, key: string): Promise<void> {
    const file = this.#fileOf(key)
    await this.#files.makeFolder(join(file, '..'))
    await this.#files.publish(temporary, file)
  }

  async #free(record: ObjectRecord): Promise<void> {
    this.#quota.release(record.size)
    if (record.joined !== undefined) await this.#parts.remove(record.joined.uploadId)
  }

  async #openFile(key: string): Promise<{ handle: FileHandle; record: ObjectRecord } | null> {
    let handle: FileHandle
    try {
      handle = await open(this.#fileOf(key), 'r')
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null
      throw error
    }
    try {
      return { handle, record: await readRecord(handle) }
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  #fileOf(key: string): string {
    const name = createHash('sha256').update(key).digest('hex')
    return join(this.#path, name.slice(0, 2), name)
  }

  async *#records(): AsyncGenerator<ObjectRecord> {
    for (const folder of await readdir(this.#path)) {
      for (const name of await readdir(join(this.#path, folder))) {
        const record = await this.#recordIn(join(this.#path, folder, name))
        if (record !== null) yield record
      }
    }
  }

  async #recordIn(file: string): Promise<ObjectRecord | null> {
    let handle: FileHandle
    try {
      handle = await open(file, 'r')
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null
      throw error
    }
    try {
      return await readRecord(handle)
    } finally {
      await handle.close()
    }
  }
}

/** Puts the record behind the content, all of it on disk, and closes the file. */
async function seal(handle: FileHandle, record: ObjectRecord): Promise<void> {
  try {
    await handle.appendFile(encodeTrailer(record))
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
