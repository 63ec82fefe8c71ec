import { constants } from 'node:fs'
import { copyFile, link, open, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemErrorCode } from '../errors.js'
import type { BucketFiles } from './bucket-files.js'
import { folderNameOf, ObjectFiles, objectNameOf, recordOf, type ObjectFile } from './object-files.js'
import { objectEntryOf, ObjectIndex, type ObjectEntry } from './object-index.js'
import { DamagedFile, type ObjectRecord } from './object-record.js'
import { rewriteObject } from './rewrite-object.js'
import type { Order } from './sorted-list.js'
import { nullVersion, sequenceOf, versionDigits, versionIdOf } from './version-id.js'

/** Name of a version's file. */
const versionName = /^[0-9a-f]{64}-(?:\d{20}|null)$/

/** Runs an action while holding the lock for a name. */
export type Locked = <Result>(name: string, action: () => Promise<Result>) => Promise<Result>

const newestFirst: Order<ObjectEntry> = {
  keyOf: ({ key }) => key,
  tie: (a, b) => sequenceOf(b) - sequenceOf(a),
}

/** Returns `null` if no version can have the id. */
function versionNameOf(name: string, versionId: string): string | null {
  const digits = versionDigits(versionId)
  return digits === null ? null : `${name}-${digits}`
}

function fileNameOf(record: ObjectRecord): string {
  return versionNameOf(objectNameOf(record.key), versionIdOf(record)) ?? ''
}

/**
 * Versions and delete markers that were superseded:
 * `versions/<2 hex>/<SHA-256 of the key>-<digits of the version>`. Every `name` is the latest version's file
 * name in `objects`; the caller holds the lock for it.
 */
export class VersionFolder {
  readonly index: ObjectIndex
  readonly #path: string
  readonly #shared: BucketFiles
  readonly #files: ObjectFiles

  /** @param changed called when the index needs saving. */
  constructor(path: string, shared: BucketFiles, locked: Locked, changed: () => void) {
    this.#path = path
    this.#shared = shared
    this.#files = new ObjectFiles(path, fileNameOf)
    const read = async (file: string): Promise<ObjectEntry | null> => {
      const record = await locked(file.slice(0, file.indexOf('-')), async () => recordOf(this.#open(file)))
      return record === null ? null : entryOf(record)
    }
    this.index = new ObjectIndex(
      { path, prefix: 'versions-', names: versionName, order: newestFirst, read, changed },
      shared,
    )
  }

  /** Sorted by the UTF-8 bytes of the keys, the newest of each key first. */
  async list(): Promise<readonly ObjectEntry[]> {
    return this.index.entries()
  }

  async open(name: string, versionId: string): Promise<ObjectFile | null> {
    const file = versionNameOf(name, versionId)
    return file === null ? null : this.#open(file)
  }

  /** All versions of one key, unordered. */
  async records(name: string): Promise<readonly ObjectRecord[]> {
    const records: ObjectRecord[] = []
    for (const file of await this.#namesOf(name)) {
      const record = await recordOf(this.#open(file))
      if (record !== null) records.push(record)
    }
    return records
  }

  async newest(name: string): Promise<ObjectRecord | null> {
    const names = (await this.#namesOf(name)).sort()
    // Newer versions have smaller digits; all digits sort before `null`.
    const [first, last] = [names[0], names.at(-1)]
    const candidates = [first, last === `${name}-${nullVersion}` ? last : undefined]
    let newest: ObjectRecord | null = null
    for (const file of new Set(candidates)) {
      const record = file === undefined ? null : await recordOf(this.#open(file))
      if (record !== null && (newest === null || sequenceOf(record) > sequenceOf(newest))) newest = record
    }
    return newest
  }

  /**
   * Keeps the latest version before its file is replaced, by giving the file a second name here. If the process
   * is killed in between, one version has both names, which is equivalent to having only the first.
   *
   * @returns the record of a different file that was replaced; `null` if none.
   */
  async archive(current: string, record: ObjectRecord): Promise<ObjectRecord | null> {
    const temporary = this.#shared.files.temporaryPath()
    try {
      await linkOrCopy(current, temporary)
      return await this.add(temporary, record)
    } finally {
      // If both names refer to the same file, `rename` does nothing and both remain.
      await this.#shared.files.discard(temporary)
    }
  }

  /** Moves in a file whose content is synced. @returns the record of a different file that was replaced; `null` if none. */
  async add(temporary: string, record: ObjectRecord): Promise<ObjectRecord | null> {
    const { files } = this.#shared
    const file = fileNameOf(record)
    const path = this.#files.pathOf(file)
    const replaced = (await isSameFile(temporary, path)) ? null : await recordOf(this.#open(file))
    await this.index.change(file, async () => {
      await files.makeFolder(this.#path)
      await files.makeFolder(dirname(path))
      await files.publish(temporary, path)
      return entryOf(record)
    })
    return replaced
  }

  /** @returns the removed record; `null` if there is no such version. */
  async remove(name: string, versionId: string): Promise<ObjectRecord | null> {
    const file = versionNameOf(name, versionId)
    const record = file === null ? null : await recordOf(this.#open(file))
    if (file === null || record === null) return null
    await this.index.change(file, async () => {
      await this.#shared.files.remove(this.#files.pathOf(file))
      return null
    })
    return record
  }

  /** Makes a version the latest again: one rename moves it from here over the latest version's file. */
  async promote(record: ObjectRecord, current: string): Promise<void> {
    const file = fileNameOf(record)
    const { files } = this.#shared
    await this.index.change(file, async () => {
      await files.publish(this.#files.pathOf(file), current)
      await files.syncFolder(dirname(this.#files.pathOf(file)))
      return null
    })
  }

  /** See `ObjectFolder.change`. */
  async change(
    name: string,
    versionId: string,
    change: (record: ObjectRecord) => ObjectRecord,
  ): Promise<ObjectRecord | null> {
    const file = versionNameOf(name, versionId)
    const record = file === null ? null : await recordOf(this.#open(file))
    if (file === null || record === null || record.deleteMarker === true) return null
    const changed = change(record)
    await this.index.change(file, async () => {
      await rewriteObject(this.#shared.files, this.#files.pathOf(file), changed)
      return entryOf(changed)
    })
    return changed
  }

  async #namesOf(name: string): Promise<string[]> {
    try {
      const names = await readdir(join(this.#path, folderNameOf(name)))
      return names.filter((file) => file.startsWith(`${name}-`) && versionName.test(file))
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return []
      throw error
    }
  }

  /** A damaged file is set aside and treated as missing. */
  async #open(file: string): Promise<ObjectFile | null> {
    try {
      return await this.#files.open(file)
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error
      await this.index.change(file, async () => {
        await this.#shared.damaged.setAside(this.#files.pathOf(file), file, error.message)
        return null
      })
      return null
    }
  }
}

function entryOf(record: ObjectRecord): ObjectEntry {
  return { ...objectEntryOf(record), noncurrent: true }
}

const cannotLink = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** Some file systems have no hard links; then the file is copied. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (!cannotLink.includes(systemErrorCode(error) ?? '')) throw error
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    const handle = await open(to, 'r+')
    try {
      await handle.datasync()
    } finally {
      await handle.close()
    }
  }
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  try {
    const [a, b] = await Promise.all([stat(one, { bigint: true }), stat(other, { bigint: true })])
    return a.ino === b.ino && a.dev === b.dev
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}
