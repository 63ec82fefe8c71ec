import { dirname } from 'node:path'
import type { BucketFiles } from './bucket-files.js'
import { objectName, ObjectFiles, objectNameOf, recordOf, type ObjectFile } from './object-files.js'
import { objectEntryOf, ObjectIndex, type ObjectEntry } from './object-index.js'
import { DamagedFile, type ObjectRecord } from './object-record.js'
import type { PartFolders } from './part-folders.js'
import { rewriteObject, type Extension } from './rewrite-object.js'
import { VersionFolder, type Locked } from './version-folder.js'
import { sequenceOf, versionIdOf } from './version-id.js'

/** Where the versions of a bucket lie. */
export interface VersionPaths {
  /** The folder of the latest version of each key. */
  readonly latest: string
  /** The folder of all others; it is made when there is one. */
  readonly others: string
}

/**
 * All versions of the keys of a bucket: the latest of each key, which may be a delete marker, and those before it. Each
 * change is one rename of the latest version's file, with steps before or after it that a kill between leaves harmless.
 *
 * Names are those of the latest version's file. Who calls holds the lock of that name.
 */
export class ObjectVersions {
  /** Of the latest versions. */
  readonly index: ObjectIndex
  readonly others: VersionFolder
  readonly #shared: BucketFiles
  readonly #parts: PartFolders
  readonly #files: ObjectFiles
  readonly #locked: Locked

  constructor(
    paths: VersionPaths,
    shared: BucketFiles,
    parts: PartFolders,
    { locked, changed }: { readonly locked: Locked; readonly changed: () => void },
  ) {
    this.#shared = shared
    this.#parts = parts
    this.#locked = locked
    this.#files = new ObjectFiles(paths.latest, ({ key }) => objectNameOf(key))
    const read = async (name: string): Promise<ObjectEntry | null> => {
      const record = await recordOf(this.openUnlocked(name))
      return record === null ? null : objectEntryOf(record)
    }
    const order = { keyOf: ({ key }: ObjectEntry) => key }
    this.index = new ObjectIndex(
      { path: paths.latest, prefix: '', names: objectName, order, read, changed },
      shared,
    )
    this.others = new VersionFolder(paths.others, shared, locked, changed)
  }

  /** The latest version; a damaged one is set aside, and then there is none. */
  async open(name: string): Promise<ObjectFile | null> {
    try {
      return await this.#files.open(name)
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error
      await this.index.change(name, async () => {
        await this.#shared.damaged.setAside(this.#files.pathOf(name), name, error.message)
        return null
      })
      return null
    }
  }

  /** The same for who holds no lock. */
  async openUnlocked(name: string): Promise<ObjectFile | null> {
    try {
      return await this.#files.open(name)
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error
      // Before it is set aside it is read once more: meanwhile it may have been overwritten.
      return this.#locked(name, async () => this.open(name))
    }
  }

  async latest(name: string): Promise<ObjectRecord | null> {
    return recordOf(this.open(name))
  }

  /** One version, the latest or another. */
  async openVersion(name: string, versionId: string): Promise<ObjectFile | null> {
    const latest = await this.open(name)
    if (latest !== null && versionIdOf(latest.record) === versionId) return latest
    await latest?.handle.close()
    return this.others.open(name, versionId)
  }

  /**
   * Makes a file, sealed with its record, the latest version of its key; or an earlier one, when one that was numbered
   * later came first. One of the same id is overwritten, all others are kept.
   */
  async place(temporary: string, name: string, record: ObjectRecord): Promise<void> {
    const { files } = this.#shared
    const path = this.#files.pathOf(name)
    const latest = await this.latest(name)
    const kept = latest !== null && !isSameVersion(latest, record)
    if (kept && sequenceOf(record) < sequenceOf(latest)) {
      await this.#free(await this.others.add(temporary, record))
      return
    }
    const replaced = kept ? await this.others.archive(path, latest) : latest
    await this.index.change(name, async () => {
      await files.makeFolder(dirname(path))
      await files.publish(temporary, path)
      return objectEntryOf(record)
    })
    await this.#free(replaced)
    if (record.sequence !== undefined && record.versionId === undefined) await this.dropTwin(name, record)
  }

  /** Gives the latest version another record, and content that goes on from its own where `extend` says so. */
  async rewrite(name: string, record: ObjectRecord, extend?: Extension): Promise<void> {
    await this.index.change(name, async () => {
      await rewriteObject(this.#shared.files, this.#files.pathOf(name), record, extend)
      return objectEntryOf(record)
    })
  }

  /** Removes one version for ever; when it was the latest, the one before becomes it. */
  async remove(name: string, versionId: string): Promise<ObjectRecord | null> {
    const latest = await this.latest(name)
    if (latest !== null && versionIdOf(latest) === versionId) return this.removeLatest(name)
    const removed = await this.others.remove(name, versionId)
    await this.#free(removed)
    return removed
  }

  /**
   * Removes a version that nobody reads without naming it: one that is not the latest, or a delete marker with no version
   * before it.
   *
   * @returns what was removed; `null` when it is in use, or gone.
   */
  async removeUnused(name: string, versionId: string): Promise<ObjectRecord | null> {
    const latest = await this.latest(name)
    const isLatest = latest !== null && versionIdOf(latest) === versionId
    if (isLatest && (latest.deleteMarker !== true || (await this.others.newest(name)) !== null)) return null
    return this.remove(name, versionId)
  }

  /** @returns what was removed; `null` when there was nothing. */
  async removeLatest(name: string): Promise<ObjectRecord | null> {
    const latest = await this.latest(name)
    if (latest === null) return null
    // Or it would be found as the one before.
    await this.dropTwin(name, latest)
    const path = this.#files.pathOf(name)
    const before = await this.others.newest(name)
    await this.index.change(name, async () => {
      if (before === null) await this.#shared.files.remove(path)
      else await this.others.promote(before, path)
      return before === null ? null : objectEntryOf(before)
    })
    await this.#free(latest)
    return latest
  }

  /**
   * Removes another version of the id of the latest one, which a kill leaves: a second name of the same file, or the
   * version `null` that this one has overwritten.
   */
  async dropTwin(name: string, latest: ObjectRecord): Promise<void> {
    const twin = await this.others.remove(name, versionIdOf(latest))
    if (twin !== null && !isTwin(twin, latest)) await this.#free(twin)
  }

  /** Whether the parts of that upload are the content of a version. */
  async holds(name: string, uploadId: string): Promise<boolean> {
    const latest = await this.latest(name)
    if (latest?.joined?.uploadId === uploadId) return true
    const others = await this.others.records(name)
    return others.some(({ joined }) => joined?.uploadId === uploadId)
  }

  /** Gives back what a version took that is no more. */
  async #free(record: ObjectRecord | null): Promise<void> {
    if (record === null) return
    const uploadId = record.joined?.uploadId
    // An upload may have been joined once more, when ending it failed.
    if (uploadId !== undefined && (await this.holds(objectNameOf(record.key), uploadId))) return
    this.#shared.quota.release(record.size)
    if (uploadId !== undefined) await this.#parts.remove(uploadId)
  }
}

function isSameVersion(one: ObjectRecord, other: ObjectRecord): boolean {
  const uploadId = one.joined?.uploadId
  return (
    versionIdOf(one) === versionIdOf(other) || (uploadId !== undefined && uploadId === other.joined?.uploadId)
  )
}

/** Whether two versions of one key are one and the same, under two names. */
export function isTwin(
  one: Pick<ObjectRecord, 'versionId' | 'sequence'>,
  other: Pick<ObjectRecord, 'versionId' | 'sequence'>,
): boolean {
  return versionIdOf(one) === versionIdOf(other) && sequenceOf(one) === sequenceOf(other)
}
