import { join } from 'node:path'
import type { BucketFiles } from './bucket-files.js'
import { IndexedFolder } from './indexed-folder.js'
import { folderNameOf, folderNames, objectName, objectNameOf } from './object-files.js'
import type { ObjectRecord } from './object-record.js'
import { SortedIndex } from './sorted-index.js'

/** What a listing shows of an object. */
export interface ObjectEntry extends Pick<ObjectRecord, 'key' | 'size' | 'etag' | 'lastModified'> {
  readonly storageClass: string
  /** The upload that holds the content, of an object that was joined from parts. */
  readonly uploadId?: string
}

export function objectEntryOf({ key, size, etag, lastModified, headers, joined }: ObjectRecord): ObjectEntry {
  const storageClass = headers['x-cos-storage-class'] ?? 'STANDARD'
  const entry = { key, size, etag, lastModified, storageClass }
  return joined === undefined ? entry : { ...entry, uploadId: joined.uploadId }
}

/** The finished objects of a bucket, for listings. */
export class ObjectIndex {
  readonly folders: readonly IndexedFolder<ObjectEntry>[]
  readonly #index: SortedIndex<ObjectEntry>

  /**
   * @param path the folder `objects`.
   * @param read reads the record of an object's file; `null` when it is gone or was damaged.
   * @param changed called when there is something to save.
   */
  constructor(
    path: string,
    { index, files, closing }: BucketFiles,
    read: (name: string) => Promise<ObjectEntry | null>,
    changed: () => void,
  ) {
    const folders = new Map(
      folderNames.map((folder) => [
        folder,
        new IndexedFolder<ObjectEntry>({
          path: join(path, folder),
          indexFile: join(index, folder),
          names: objectName,
          read,
          files,
          closing,
        }),
      ]),
    )
    this.folders = [...folders.values()]
    this.#index = new SortedIndex(path, folders, { keyOf: ({ key }) => key }, changed)
  }

  /** Sorted by the UTF-8 bytes of the keys. */
  async entries(): Promise<readonly ObjectEntry[]> {
    return this.#index.entries()
  }

  /** Call {@link entries} before. */
  get(key: string): ObjectEntry | undefined {
    const name = objectNameOf(key)
    return this.#index.get(folderNameOf(name), name)
  }

  /** Runs a change of an object's file, which resolves to what is there then. */
  async change(name: string, action: () => Promise<ObjectEntry | null>): Promise<void> {
    await this.#index.change(folderNameOf(name), name, action)
  }
}
