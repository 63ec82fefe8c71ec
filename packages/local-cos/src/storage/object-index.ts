import type { ObjectRecord } from './object-record.js'
import { compareUtf8 } from './utf8-order.js'

export interface IndexEntry extends Pick<ObjectRecord, 'key' | 'size' | 'etag' | 'lastModified'> {
  readonly storageClass: string
}

function entryOf({ key, size, etag, lastModified, headers }: ObjectRecord): IndexEntry {
  return { key, size, etag, lastModified, storageClass: headers['x-cos-storage-class'] ?? 'STANDARD' }
}

/** The keys of a bucket in memory, for listings. Read from disk when first asked for. */
export class ObjectIndex {
  readonly #read: () => AsyncIterable<ObjectRecord>
  /** Changes that came while the disk was being read win over what was read. */
  readonly #entries = new Map<string, IndexEntry | null>()
  #loading: Promise<void> | undefined
  #sorted: readonly IndexEntry[] | undefined

  constructor(read: () => AsyncIterable<ObjectRecord>) {
    this.#read = read
  }

  set(record: ObjectRecord): void {
    if (this.#loading === undefined) return
    this.#entries.set(record.key, entryOf(record))
    this.#sorted = undefined
  }

  remove(key: string): void {
    if (this.#loading === undefined) return
    this.#entries.set(key, null)
    this.#sorted = undefined
  }

  async sorted(): Promise<readonly IndexEntry[]> {
    this.#loading ??= this.#load()
    await this.#loading
    this.#sorted ??= [...this.#entries.values()]
      .filter((entry) => entry !== null)
      .sort((a, b) => compareUtf8(a.key, b.key))
    return this.#sorted
  }

  async #load(): Promise<void> {
    for await (const record of this.#read()) {
      if (!this.#entries.has(record.key)) this.#entries.set(record.key, entryOf(record))
    }
    this.#sorted = undefined
  }
}
