import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileAlreadyExists } from '../errors.js'
import type { BucketFiles } from './bucket-files.js'
import { KeyedLock } from './keyed-lock.js'
import { ObjectFiles, objectNameOf, type ObjectFile } from './object-files.js'
import { objectEntryOf, ObjectIndex, type ObjectEntry } from './object-index.js'
import { DamagedFile, encodeTrailer, type ObjectRecord } from './object-record.js'
import { OpenObject } from './open-object.js'
import type { PartFolders } from './part-folders.js'
import { createFile } from './private-files.js'
import type { ReceivedBody } from './receive-body.js'
import { appendFrom, rewriteObject } from './rewrite-object.js'

/** The finished objects of one bucket. Their files are the truth; the index is for listings alone. */
export class ObjectFolder {
  readonly index: ObjectIndex
  readonly #shared: BucketFiles
  readonly #parts: PartFolders
  readonly #objects: ObjectFiles
  /** By the names of the files. */
  readonly #locks = new KeyedLock()

  /** @param changed called when the index has something to save. */
  constructor(path: string, shared: BucketFiles, parts: PartFolders, changed: () => void) {
    this.#shared = shared
    this.#parts = parts
    this.#objects = new ObjectFiles(path)
    this.index = new ObjectIndex(path, shared, async (name) => this.#entryOf(name), changed)
  }

  async find(key: string): Promise<ObjectRecord | null> {
    return recordOf(this.#open(objectNameOf(key)))
  }

  /** For reading; the content stays readable until closed, though the key be overwritten or deleted meanwhile. */
  async open(key: string): Promise<OpenObject | null> {
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => {
      const found = await this.#openLocked(name)
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
    const path = this.#shared.files.temporaryPath()
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
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => {
      const record = await recordOf(this.#openLocked(name))
      if (record === null) return null
      const changed = change(record)
      await this.index.change(name, async () => {
        await rewriteObject(this.#shared.files, this.#objects.pathOf(name), changed)
        return objectEntryOf(changed)
      })
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
    const { files } = this.#shared
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => {
      const before = await recordOf(this.#openLocked(name))
      const record = plan(before)
      if (before === null) {
        await seal(body.handle, record)
        await this.#moveIn(body.path, name, record)
      } else {
        await this.index.change(name, async () => {
          await rewriteObject(files, this.#objects.pathOf(name), record, {
            kept: before.size,
            write: async (handle) => appendFrom(body, handle),
          })
          return objectEntryOf(record)
        })
        await body.handle.close()
        await files.discard(body.path)
      }
      return record
    })
  }

  /** Resolves to whether there was such an object. */
  async remove(key: string): Promise<boolean> {
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => {
      const record = await recordOf(this.#openLocked(name))
      if (record === null) return false
      await this.index.change(name, async () => {
        await this.#shared.files.remove(this.#objects.pathOf(name))
        return null
      })
      await this.#free(record)
      return true
    })
  }

  /** All keys, sorted by their UTF-8 bytes, with what a listing shows. */
  async list(): Promise<readonly ObjectEntry[]> {
    return this.index.entries()
  }

  async #publish(
    temporary: string,
    handle: FileHandle,
    record: ObjectRecord,
    { forbidOverwrite }: { readonly forbidOverwrite: boolean },
  ): Promise<void> {
    const { files } = this.#shared
    const name = objectNameOf(record.key)
    try {
      await seal(handle, record)
      await this.#locks.run(name, async () => {
        const previous = await recordOf(this.#openLocked(name))
        if (previous !== null && forbidOverwrite) throw fileAlreadyExists()
        await this.#moveIn(temporary, name, record)
        if (previous !== null) await this.#free(previous, record.joined?.uploadId)
      })
    } catch (error) {
      await files.discard(temporary)
      throw error
    }
  }

  async #moveIn(temporary: string, name: string, record: ObjectRecord): Promise<void> {
    const { files } = this.#shared
    const file = this.#objects.pathOf(name)
    await this.index.change(name, async () => {
      await files.makeFolder(dirname(file))
      await files.publish(temporary, file)
      return objectEntryOf(record)
    })
  }

  /** @param kept the upload whose parts are used on: an object may be joined once more when ending its upload failed. */
  async #free(record: ObjectRecord, kept?: string): Promise<void> {
    const uploadId = record.joined?.uploadId
    if (uploadId !== undefined && uploadId === kept) return
    this.#shared.quota.release(record.size)
    if (uploadId !== undefined) await this.#parts.remove(uploadId)
  }

  async #open(name: string): Promise<ObjectFile | null> {
    try {
      return await this.#objects.open(name)
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error
      // Before it is set aside it is read once more: meanwhile it may have been overwritten.
      return this.#locks.run(name, async () => this.#openLocked(name))
    }
  }

  /** Opens an object's file; a damaged one is set aside, and then there is none. The caller holds its lock. */
  async #openLocked(name: string): Promise<ObjectFile | null> {
    try {
      return await this.#objects.open(name)
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error
      await this.index.change(name, async () => {
        await this.#shared.damaged.setAside(this.#objects.pathOf(name), name, error.message)
        return null
      })
      return null
    }
  }

  async #entryOf(name: string): Promise<ObjectEntry | null> {
    const record = await recordOf(this.#open(name))
    return record === null ? null : objectEntryOf(record)
  }
}

async function recordOf(opening: Promise<ObjectFile | null>): Promise<ObjectRecord | null> {
  const found = await opening
  await found?.handle.close()
  return found?.record ?? null
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
