import { join } from 'node:path'
import type { BucketFiles } from './bucket-files.js'
import { IndexedFolder } from './indexed-folder.js'
import { folderNameOf, folderNames } from './object-files.js'
import type { ObjectRecord } from './object-record.js'
import { SortedIndex } from './sorted-index.js'
import type { Order } from './sorted-list.js'

/** What a listing shows of an object, or of a version of one. */
export interface ObjectEntry extends Pick<
  ObjectRecord,
  'key' | 'size' | 'etag' | 'lastModified' | 'sequence' | 'versionId' | 'deleteMarker'
> {
  readonly storageClass: string
  /** The upload that holds the content, of an object that was joined from parts. */
  readonly uploadId?: string
  /** Whether a later version of the key was stored. */
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

/** What an index is made of. */
export interface IndexedFiles {
  /** The folder that holds the 256 folders. */
  readonly path: string
  /** What the names of its index files begin with. */
  readonly prefix: string
  /** Names of the files. */
  readonly names: RegExp
  readonly order: Order<ObjectEntry>
  /** Reads the record of a file; `null` when it is gone or was damaged. */
  readonly read: (name: string) => Promise<ObjectEntry | null>
  /** Called when there is something to save. */
  readonly changed: () => void
}

/** The finished objects of a bucket, or the versions before them, for listings. */
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

  /** Sorted by the UTF-8 bytes of the keys, then as the order says. */
  async entries(): Promise<readonly ObjectEntry[]> {
    return this.#index.entries()
  }

  /** By the name of its file. Call {@link entries} before. */
  get(name: string): ObjectEntry | undefined {
    return this.#index.get(folderNameOf(name), name)
  }

  /** Runs a change of a file, which resolves to what is there then. */
  async change(name: string, action: () => Promise<ObjectEntry | null>): Promise<void> {
    await this.#index.change(folderNameOf(name), name, action)
  }
}
