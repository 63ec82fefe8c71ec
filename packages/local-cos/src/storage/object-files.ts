import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../errors.js'
import { DamagedFile, readRecord, type ObjectRecord } from './object-record.js'

export interface ObjectFile {
  readonly handle: FileHandle
  readonly record: ObjectRecord
}

/** Name of an object's file. It is a hash, never a path, so keys with `..`, NUL or 850 bytes of any script are harmless. */
export const objectName = /^[0-9a-f]{64}$/

export function objectNameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** The first two digits name the object's folder. */
export function folderNameOf(name: string): string {
  return name.slice(0, 2)
}

export const folderNames: readonly string[] = Array.from({ length: 256 }, (_, number) =>
  number.toString(16).padStart(2, '0'),
)

/** Files of objects or their versions: `<2 hex>/<SHA-256 of the key>…`. */
export class ObjectFiles {
  readonly #path: string
  readonly #nameOf: (record: ObjectRecord) => string

  /** @param nameOf returns the name of a record's file. */
  constructor(path: string, nameOf: (record: ObjectRecord) => string) {
    this.#path = path
    this.#nameOf = nameOf
  }

  pathOf(name: string): string {
    return join(this.#path, folderNameOf(name), name)
  }

  /**
   * Opens an object's file and reads its record; `null` if it does not exist.
   *
   * @throws {@link DamagedFile}
   */
  async open(name: string): Promise<ObjectFile | null> {
    let handle: FileHandle
    try {
      handle = await open(this.pathOf(name), 'r')
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null
      throw error
    }
    try {
      const record = await readRecord(handle)
      if (this.#nameOf(record) !== name) throw new DamagedFile('its record is that of another key')
      return { handle, record }
    } catch (error) {
      await handle.close()
      throw error
    }
  }
}

/** Returns the record of an opened file and closes the file. */
export async function recordOf(opening: Promise<ObjectFile | null>): Promise<ObjectRecord | null> {
  const found = await opening
  await found?.handle.close()
  return found?.record ?? null
}
