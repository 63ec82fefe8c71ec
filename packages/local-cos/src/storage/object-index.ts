import { join } from 'node:path'
import type { BucketFiles } from './bucket-files.js'
import { IndexedFolder } from './indexed-folder.js'
import { folderNameOf, folderNames } from './object-files.js'
import type { ObjectRecord } from './object-record.js'
import { SortedIndex } from './sorted-index.js'
import type { Order } from './sorted-list.js'

/** Listing entry of an object or one of its versions. */
export interface ObjectEntry extends Pick<
  ObjectRecord,
  'key' | 'size' | 'etag' | 'lastModified' | 'sequence' | 'versionId' | 'deleteMarker'
> {
  readonly storageClass: string
  /** Upload whose parts are the content, if the object was joined from parts. */
  readonly uploadId?: string
  /** Whether a later version of the key exists. */
  readonly noncurrent?: true
}

export function objectEntryOf(record: ObjectRecord): ObjectEntry {
  const { key, size, etag, lastModified, headers, joined, sequence, versionId, deleteMarker } = record
  return {
    key,
    size,
    etag,
    lastModified,
    storageClass: headers['x-cos-storage-class'] ?? 'STANDARD',
    ...(joined === undefined ? {} : { uploadId: joined.uploadId }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(versionId === undefined ? {} : { versionId }),
    ...(deleteMarker === undefined ? {} : { deleteMarker }),
  }
}

/** Configuration of an index. */
export interface IndexedFiles {
  /** Parent of the 256 folders. */
  readonly path: string
  /** Prefix of the index files' names. */
  readonly prefix: string
  /** Names of the files to index. */
  readonly names: RegExp
  readonly order: Order<ObjectEntry>
  /** Reads a file's record; `null` if it is gone or damaged. */
  readonly read: (name: string) => Promise<ObjectEntry | null>
  /** Called when there is something to save. */
  readonly changed: () => void
}

/** Index, for listings, of a bucket's finished objects or of their earlier versions. */
export class ObjectIndex {
  readonly folders: readonly IndexedFolder<ObjectEntry>[]
  readonly #index: SortedIndex<ObjectEntry>

  constructor(
    { path, prefix, names, order, read, changed }: IndexedFiles,
    { index, files, closing }: BucketFiles,
  ) {
    const folders = new Map(
      folderNames.map((folder) => [
        folder,
        new IndexedFolder<ObjectEntry>({
          path: join(path, folder),
          indexFile: join(index, prefix + folder),
          names,
          read,
          files,
          closing,
        }),
      ]),
    )
    this.folders = [...folders.values()]
    this.#index = new SortedIndex(path, folders, order, changed)
  }

  /** Sorted by the UTF-8 bytes of the keys, then by the tie rule of the order. */
  async entries(): Promise<readonly ObjectEntry[]> {
    return this.#index.entries()
  }

  /** Entry of a file. Call {@link entries} first. */
  get(name: string): ObjectEntry | undefined {
    return this.#index.get(folderNameOf(name), name)
  }

  /** Runs a change of a file; `action` resolves to its new entry. */
  async change(name: string, action: () => Promise<ObjectEntry | null>): Promise<void> {
    await this.#index.change(folderNameOf(name), name, action)
  }
}
