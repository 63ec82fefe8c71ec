import { dirname } from 'node:path'
import type { BucketFiles } from './bucket-files.js'
import { objectName, ObjectFiles, objectNameOf, recordOf, type ObjectFile } from './object-files.js'
import { objectEntryOf, ObjectIndex, type ObjectEntry } from './object-index.js'
import { DamagedFile, type ObjectRecord } from './object-record.js'
import type { PartFolders } from './part-folders.js'
import { rewriteObject, type Extension } from './rewrite-object.js'
import { VersionFolder, type Locked } from './version-folder.js'
import { sequenceOf, versionIdOf } from './version-id.js'

/** Folders of the versions of a bucket. */
export interface VersionPaths {
  /** Folder of the latest version of each key. */
  readonly latest: string
  /** Folder of all other versions; created when needed. */
  readonly others: string
}

/**
 * All versions of the keys of a bucket: the latest of each key, which may be a delete marker, and the earlier
 * ones. Each change takes effect by one rename of the latest version's file. If the process is killed between
 * that rename and the steps around it, the result is harmless.
 *
 * Every `name` is the latest version's file name; the caller holds the lock for it.
 */
export class ObjectVersions {
  /** Index of the latest versions. */
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

  /** Opens the latest version. A damaged file is set aside and treated as missing. */
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

  /** Like {@link ObjectVersions.open}, for callers without the lock. */
  async openUnlocked(name: string): Promise<ObjectFile | null> {
    try {
      return await this.#files.open(name)
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error
      // Read the file again under the lock before setting it aside: it may have been overwritten.
      return this.#locked(name, async () => this.open(name))
    }
  }

  async latest(name: string): Promise<ObjectRecord | null> {
    return recordOf(this.open(name))
  }

  /** Opens one version, the latest or an earlier one. */
  async openVersion(name: string, versionId: string): Promise<ObjectFile | null> {
    const latest = await this.open(name)
    if (latest !== null && versionIdOf(latest.record) === versionId) return latest
    await latest?.handle.close()
    return this.others.open(name, versionId)
  }

  /**
   * Makes a file, sealed with its record, the latest version of its key; or an earlier version if one with a
   * higher number was placed first. A version with the same id is overwritten, all others are kept.
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

  /** Replaces the record of the latest version; `extend` also replaces the end of its content. */
  async rewrite(name: string, record: ObjectRecord, extend?: Extension): Promise<void> {
    await this.index.change(name, async () => {
      await rewriteObject(this.#shared.files, this.#files.pathOf(name), record, extend)
      return objectEntryOf(record)
    })
  }

  /** Removes one version permanently. If it was the latest, the previous version becomes the latest. */
  async remove(name: string, versionId: string): Promise<ObjectRecord | null> {
    const latest = await this.latest(name)
    if (latest !== null && versionIdOf(latest) === versionId) return this.removeLatest(name)
    const removed = await this.others.remove(name, versionId)
    await this.#free(removed)
    return removed
  }

  /**
   * Removes a version that can only be read by its id: one that is not the latest, or a delete marker without
   * earlier versions.
   *
   * @returns the removed record; `null` if the version is in use or gone.
   */
  async removeUnused(name: string, versionId: string): Promise<ObjectRecord | null> {
    const latest = await this.latest(name)
    const isLatest = latest !== null && versionIdOf(latest) === versionId
    if (isLatest && (latest.deleteMarker !== true || (await this.others.newest(name)) !== null)) return null
    return this.remove(name, versionId)
  }

  /** @returns the removed record; `null` if there was none. */
  async removeLatest(name: string): Promise<ObjectRecord | null> {
    const latest = await this.latest(name)
    if (latest === null) return null
    // Otherwise the twin would become the latest version.
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
   * Removes another file with the latest version's id, left over by a killed process: a second name of the same
   * file, or the `null` version that the latest one has overwritten.
   */
  async dropTwin(name: string, latest: ObjectRecord): Promise<void> {
    const twin = await this.others.remove(name, versionIdOf(latest))
    if (twin !== null && !isTwin(twin, latest)) await this.#free(twin)
  }

  /** Whether a version consists of the parts of that upload. */
  async holds(name: string, uploadId: string): Promise<boolean> {
    const latest = await this.latest(name)
    if (latest?.joined?.uploadId === uploadId) return true
    const others = await this.others.records(name)
    return others.some(({ joined }) => joined?.uploadId === uploadId)
  }

  /** Releases the quota and part files of a removed version. */
  async #free(record: ObjectRecord | null): Promise<void> {
    if (record === null) return
    const uploadId = record.joined?.uploadId
    // Another version may use the same parts: if ending an upload fails, it can be joined again.
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

/** Whether two records of one key are the same version stored under two names. */
export function isTwin(
  one: Pick<ObjectRecord, 'versionId' | 'sequence'>,
  other: Pick<ObjectRecord, 'versionId' | 'sequence'>,
): boolean {
  return versionIdOf(one) === versionIdOf(other) && sequenceOf(one) === sequenceOf(other)
}
