import type { FileHandle } from 'node:fs/promises'
import { fileAlreadyExists } from '../errors.js'
import type { BucketFiles } from './bucket-files.js'
import type { IndexedFolder } from './indexed-folder.js'
import { KeyedLock } from './keyed-lock.js'
import { objectNameOf, recordOf } from './object-files.js'
import type { ObjectEntry } from './object-index.js'
import { encodeTrailer, type ObjectRecord } from './object-record.js'
import { ObjectVersions, type VersionPaths } from './object-versions.js'
import { OpenObject } from './open-object.js'
import type { PartFolders } from './part-folders.js'
import { createFile } from './private-files.js'
import type { ReceivedBody } from './receive-body.js'
import { appendFrom } from './rewrite-object.js'
import { sequenceOf, versionIdAt, versionIdOf, VersionNumbers, type VersioningStatus } from './version-id.js'
import { VersionLists } from './version-lists.js'

type Numbered = Pick<ObjectRecord, 'sequence' | 'versionId'>

/** Finished objects of one bucket. Their files are authoritative; the indexes are only for listings. */
export class ObjectFolder {
  readonly #shared: BucketFiles
  readonly #parts: PartFolders
  readonly #versions: ObjectVersions
  readonly #lists: VersionLists
  readonly #versioning: () => VersioningStatus | undefined
  readonly #numbers = new VersionNumbers()
  /** Keyed by file name. */
  readonly #locks = new KeyedLock()

  /**
   * @param versioning returns the bucket's versioning status; `undefined` if versioning was never enabled.
   * @param changed called when an index needs saving.
   */
  constructor(
    paths: VersionPaths,
    shared: BucketFiles,
    parts: PartFolders,
    versioning: () => VersioningStatus | undefined,
    changed: () => void,
  ) {
    this.#shared = shared
    this.#parts = parts
    this.#versioning = versioning
    this.#versions = new ObjectVersions(paths, shared, parts, {
      locked: async (name, action) => this.#locks.run(name, action),
      changed,
    })
    this.#lists = new VersionLists(this.#versions)
  }

  /** Folders of all indexes. */
  get indexedFolders(): readonly IndexedFolder<ObjectEntry>[] {
    return [...this.#versions.index.folders, ...this.#versions.others.index.folders]
  }

  /** Latest version of a key; `null` if there is none or it is a delete marker. */
  async find(key: string): Promise<ObjectRecord | null> {
    const record = await this.findVersion(key)
    return isObject(record) ? record : null
  }

  /** The latest version of a key, or the one with the given id; may be a delete marker. */
  async findVersion(key: string, versionId?: string): Promise<ObjectRecord | null> {
    const name = objectNameOf(key)
    if (versionId === undefined) return recordOf(this.#versions.openUnlocked(name))
    return this.#locks.run(name, async () => recordOf(this.#versions.openVersion(name, versionId)))
  }

  /**
   * Opens an object for reading. Its content stays readable until closed, even if the key is overwritten or
   * deleted meanwhile.
   *
   * @returns `null` if missing or a delete marker.
   */
  async open(key: string, versionId?: string): Promise<OpenObject | null> {
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => {
      const found =
        versionId === undefined
          ? await this.#versions.open(name)
          : await this.#versions.openVersion(name, versionId)
      if (found === null) return null
      if (found.record.deleteMarker !== true) return new OpenObject(found.record, found.handle, this.#parts)
      await found.handle.close()
      return null
    })
  }

  /**
   * Adds the sequence number and version id to a record; adds neither if the bucket never had versioning. Of
   * two records with the same key, the one numbered later becomes the later version.
   */
  async numbered<Unnumbered extends Pick<ObjectRecord, 'key' | 'lastModified'>>(
    record: Unnumbered,
  ): Promise<Unnumbered & Numbered> {
    const unnumbered = this.#versioning() === undefined
    return unnumbered ? record : { ...record, ...this.#number(record, await this.findVersion(record.key)) }
  }

  /** Stores a received body as an object. When this resolves, the object survives a power failure. */
  async put(
    body: ReceivedBody,
    record: Omit<ObjectRecord, 'size' | 'joined'>,
    options: { readonly forbidOverwrite: boolean },
  ): Promise<ObjectRecord> {
    const full = { ...record, size: body.size }
    await this.#publish(body.path, body.handle, full, options)
    return full
  }

  /** Creates an object from the parts of an upload. Writes only a list of part files, whatever their size. */
  async join(record: ObjectRecord, options: { readonly forbidOverwrite: boolean }): Promise<void> {
    const path = this.#shared.files.temporaryPath()
    await this.#publish(path, await createFile(path), record, options)
  }

  /**
   * Changes an object's record; its content and size must stay the same. When this resolves, the change
   * survives a power failure.
   *
   * @param change returns the new record from the current one; may throw to leave it unchanged.
   * @param versionId version to change; the latest if omitted.
   * @returns the new record; `null` if there is no such object.
   */
  async change(
    key: string,
    change: (record: ObjectRecord) => ObjectRecord,
    versionId?: string,
  ): Promise<ObjectRecord | null> {
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => {
      const latest = await this.#versions.latest(name)
      if (versionId !== undefined && (latest === null || versionIdOf(latest) !== versionId)) {
        return this.#versions.others.change(name, versionId, change)
      }
      if (!isObject(latest)) return null
      const changed = change(latest)
      await this.#versions.rewrite(name, changed)
      return changed
    })
  }

  /**
   * Appends a received body to an object, or creates the object from it. When this resolves, the change
   * survives a power failure; if the process is killed before, the object is unchanged. Appending creates no
   * new version.
   *
   * @param plan returns the new record from the current one; may throw to leave it unchanged.
   */
  async append(
    key: string,
    body: ReceivedBody,
    plan: (record: ObjectRecord | null) => ObjectRecord,
  ): Promise<ObjectRecord> {
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => {
      const latest = await this.#versions.latest(name)
      const before = isObject(latest) ? latest : null
      const planned = plan(before)
      if (before === null) {
        const first = { ...planned, ...this.#number(planned, latest) }
        await seal(body.handle, first)
        await this.#versions.place(body.path, name, first)
        return first
      }
      const write = async (handle: FileHandle): Promise<void> => appendFrom(body, handle)
      await this.#versions.rewrite(name, planned, { kept: before.size, write })
      await body.handle.close()
      await this.#shared.files.discard(body.path)
      return planned
    })
  }

  /**
   * Deletes an object. If versioning was ever enabled, stores a delete marker instead, even if there is no
   * object.
   *
   * @param now milliseconds since the epoch.
   * @returns the removed record or the new delete marker; `null` if there was nothing to remove.
   */
  async remove(key: string, now: number): Promise<ObjectRecord | null> {
    const name = objectNameOf(key)
    if (this.#versioning() === undefined) {
      return this.#locks.run(name, async () => this.#versions.removeLatest(name))
    }
    const empty = { size: 0, etag: '', crc64: '0', headers: {} }
    const marker = await this.numbered({ key, lastModified: now, ...empty, deleteMarker: true as const })
    await this.join(marker, { forbidOverwrite: false })
    return marker
  }

  /**
   * Removes one version permanently. If it was the latest, the previous version becomes the latest.
   *
   * @returns the removed record; `null` if there is no such version.
   */
  async removeVersion(key: string, versionId: string): Promise<ObjectRecord | null> {
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => this.#versions.remove(name, versionId))
  }

  /** Removes a version that can only be read by its id; `null` if it is in use again or gone. */
  async removeUnused(key: string, versionId: string): Promise<ObjectRecord | null> {
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => this.#versions.removeUnused(name, versionId))
  }

  /** Listing entries of all objects, sorted by the UTF-8 bytes of their keys. */
  async list(): Promise<readonly ObjectEntry[]> {
    return this.#lists.objects()
  }

  /**
   * Listing entries of all versions and delete markers, sorted by the UTF-8 bytes of their keys, the latest of
   * each key first.
   */
  async listVersions(): Promise<readonly ObjectEntry[]> {
    return this.#lists.versions()
  }

  /** Whether a version of the key consists of the parts of that upload. */
  async isJoined(key: string, uploadId: string): Promise<boolean> {
    const name = objectNameOf(key)
    return this.#locks.run(name, async () => this.#versions.holds(name, uploadId))
  }

  /** Removes what a process killed between two steps left over. May run concurrently with requests. */
  async sweep(): Promise<void> {
    for (const key of await this.#lists.keysWithTwins()) {
      const name = objectNameOf(key)
      await this.#locks.run(name, async () => {
        const latest = await this.#versions.latest(name)
        if (latest !== null) await this.#versions.dropTwin(name, latest)
      })
    }
  }

  #number({ lastModified }: Pick<ObjectRecord, 'lastModified'>, latest: ObjectRecord | null): Numbered {
    const versioning = this.#versioning()
    if (versioning === undefined) return {}
    const sequence = this.#numbers.next(lastModified, latest === null ? 0 : sequenceOf(latest))
    return versioning === 'Enabled' ? { sequence, versionId: versionIdAt(sequence) } : { sequence }
  }

  async #publish(
    temporary: string,
    handle: FileHandle,
    record: ObjectRecord,
    { forbidOverwrite }: { readonly forbidOverwrite: boolean },
  ): Promise<void> {
    const name = objectNameOf(record.key)
    try {
      await seal(handle, record)
      await this.#locks.run(name, async () => {
        if (forbidOverwrite && isObject(await this.#versions.latest(name))) throw fileAlreadyExists()
        await this.#versions.place(temporary, name, record)
      })
    } catch (error) {
      await this.#shared.files.discard(temporary)
      throw error
    }
  }
}

function isObject(record: ObjectRecord | null): record is ObjectRecord {
  return record !== null && record.deleteMarker !== true
}

/** Appends the record to the content, syncs the file and closes it. */
async function seal(handle: FileHandle, record: ObjectRecord): Promise<void> {
  try {
    await handle.appendFile(encodeTrailer(record))
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
