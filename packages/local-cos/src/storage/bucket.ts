import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CorsConfiguration } from '../cors.js'
import { bucketFiles, type BucketFiles, type StoreFiles } from './bucket-files.js'
import { IndexSaver } from './index-saver.js'
import { ObjectFolder } from './object-folder.js'
import type { Acl, Tag } from './object-record.js'
import { sweepOrphanedParts } from './orphaned-parts.js'
import { PartFolders } from './part-folders.js'
import { makeFolders } from './private-files.js'
import { UploadFolder } from './upload-folder.js'
import type { VersioningStatus } from './version-id.js'

/** Configurations stored as XML, by their query parameter. */
export type KeptParameter =
  | 'website'
  | 'origin'
  | 'logging'
  | 'accelerate'
  | 'domain'
  | 'encryption'
  | 'referer'
  | 'replication'
  | 'intelligenttiering'
  | 'object-lock'

/** Configurations a bucket can have several of, each with an id. */
export type ListedParameter = 'inventory' | 'intelligent-tiering'

export interface ListedConfiguration {
  readonly id: string
  readonly xml: string
}

export interface BucketSettings
  extends
    // The XML as received; absent if none.
    Readonly<Partial<Record<KeptParameter, string | undefined>>>,
    // In the order of creation; absent or empty if none.
    Readonly<Partial<Record<ListedParameter, readonly ListedConfiguration[]>>> {
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly cors: CorsConfiguration | null
  /** The lifecycle XML as received; `null` if none. */
  readonly lifecycle: string | null
  /** Absent or empty if none. */
  readonly tags?: readonly Tag[]
  /** Absent means private. */
  readonly acl?: Acl
  /** JSON of the bucket policy; absent if none. */
  readonly policy?: string | undefined
  /** Absent if versioning was never enabled. */
  readonly versioning?: VersioningStatus
}

const settingsFile = 'bucket.json'

/** One bucket: a folder with its settings, objects, open uploads, part files and index files. */
export class Bucket {
  readonly name: string
  readonly objects: ObjectFolder
  readonly uploads: UploadFolder
  readonly #path: string
  readonly #parts: PartFolders
  readonly #shared: BucketFiles
  readonly #saver: IndexSaver
  readonly #log: (line: object) => void
  readonly #closing = new AbortController()
  #settings: BucketSettings
  #recovering: Promise<void> = Promise.resolve()

  private constructor(name: string, path: string, settings: BucketSettings, store: StoreFiles) {
    this.name = name
    this.#path = path
    this.#settings = settings
    this.#log = store.log
    this.#shared = bucketFiles(path, name, store, this.#closing.signal)
    this.#parts = new PartFolders(join(path, 'parts'), store.files)
    const changed = (): void => this.#saver.wake()
    this.objects = new ObjectFolder(
      { latest: join(path, 'objects'), others: join(path, 'versions') },
      this.#shared,
      this.#parts,
      () => this.#settings.versioning,
      changed,
    )
    this.uploads = new UploadFolder(join(path, 'uploads'), this.#shared, this.#parts, this.objects, changed)
    this.#saver = new IndexSaver([...this.objects.indexedFolders, this.uploads.index], store.log)
  }

  static async create(
    path: string,
    name: string,
    settings: BucketSettings,
    store: StoreFiles,
  ): Promise<Bucket> {
    const { files } = store
    const unfinished = files.temporaryPath()
    for (const folder of ['objects', 'uploads', 'parts', 'index']) {
      await makeFolders(join(unfinished, folder))
    }
    await files.write(join(unfinished, settingsFile), JSON.stringify(settings))
    await files.publish(unfinished, path)
    return new Bucket(name, path, settings, store)
  }

  static async open(path: string, name: string, store: StoreFiles): Promise<Bucket> {
    const settings = JSON.parse(await readFile(join(path, settingsFile), 'utf8')) as BucketSettings
    // Buckets created by an earlier version have no index folder.
    await makeFolders(join(path, 'index'))
    return new Bucket(name, path, settings, store)
  }

  /** Starts updating the indexes and removing what a killed process left over. Requests may run meanwhile. */
  recover(): void {
    this.#recovering = this.#recover().catch((error: unknown) => {
      // The next listing tries again.
      if (!this.#closing.signal.aborted) {
        this.#log({ message: 'index not ready', bucket: this.name, error: String(error) })
      }
    })
  }

  /** Total bytes of all object versions and of the parts of all open uploads. */
  async size(): Promise<number> {
    const versions = await this.objects.listVersions()
    return versions.reduce((sum, { size }) => sum + size, await this.uploads.size())
  }

  /** Removes what a killed process left over, such as orphan part files. Part files of damaged records are set aside. */
  async sweep(): Promise<void> {
    await this.objects.sweep()
    await sweepOrphanedParts(this.#parts, this.objects, this.uploads, this.#shared.damaged)
  }

  /** Waits for background work and saves the indexes. Call only after all requests have ended. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#recovering
    await this.#saver.close()
  }

  async #recover(): Promise<void> {
    await this.uploads.list()
    const folders = [...this.objects.indexedFolders, this.uploads.index]
    const recordsRead = folders.reduce((sum, { filesRead }) => sum + filesRead, 0)
    if (recordsRead > 0) this.#log({ message: 'index brought up to date', bucket: this.name, recordsRead })
    await this.sweep()
  }

  get settings(): BucketSettings {
    return this.#settings
  }

  async change(change: Partial<BucketSettings>): Promise<void> {
    const settings = { ...this.#settings, ...change }
    await this.#shared.files.write(join(this.#path, settingsFile), JSON.stringify(settings))
    this.#settings = settings
  }
}
