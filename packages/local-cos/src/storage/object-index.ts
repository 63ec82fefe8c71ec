import type { ObjectRecord } from './object-record.js'
import { compareUtf8 } from './utf8-order.js'

export type IndexEntry = Pick<ObjectRecord, 'key' | 'size' | 'etag' | 'lastModified'>

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

  set({ key, size, etag, lastModified }: ObjectRecord): void {
    if (this.#loading === undefined) return
    this.#entries.set(key, { key, size, etag, lastModified })
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
    for await (const { key, size, etag, lastModified } of this.#read()) {
      if (!this.#entries.has(key)) this.#entries.set(key, { key, size, etag, lastModified })
    }
    this.#sorted = undefined
  }
}
