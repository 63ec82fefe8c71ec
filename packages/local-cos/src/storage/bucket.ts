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

/** Configurations that are kept as XML, by the query parameter that names them. */
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

/** Configurations of which a bucket has several, each with an id. */
export type ListedParameter = 'inventory' | 'intelligent-tiering'

export interface ListedConfiguration {
  readonly id: string
  readonly xml: string
}

export interface BucketSettings
  extends
    // The XML as it was put; absent for none.
    Readonly<Partial<Record<KeptParameter, string | undefined>>>,
    // In the order in which they were first put; absent or empty for none.
    Readonly<Partial<Record<ListedParameter, readonly ListedConfiguration[]>>> {
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly cors: CorsConfiguration | null
  /** The lifecycle XML as it was put. */
  readonly lifecycle: string | null
  /** Absent or empty for none. */
  readonly tags?: readonly Tag[]
  /** Absent for private. */
  readonly acl?: Acl
  /** The JSON of the bucket's policy as it was put; absent for none. */
  readonly policy?: string | undefined
  /** Absent: it never had versions. */
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
    // A bucket of an earlier version has none.
    await makeFolders(join(path, 'index'))
    return new Bucket(name, path, settings, store)
  }

  /** Begins to bring the indexes up to date and to remove what a kill left over. Requests may run meanwhile. */
  recover(): void {
    this.#recovering = this.#recover().catch((error: unknown) => {
      // The next listing tries again.
      if (!this.#closing.signal.aborted) {
        this.#log({ message: 'index not ready', bucket: this.name, error: String(error) })
      }
    })
  }

  /** Bytes of all versions of objects and of the parts of all open uploads. */
  async size(): Promise<number> {
    const versions = await this.objects.listVersions()
    return versions.reduce((sum, { size }) => sum + size, await this.uploads.size())
  }

  /** Removes what a kill left over, such as part files that belong to nothing, and sets aside those of damaged records. */
  async sweep(): Promise<void> {
    await this.objects.sweep()
    await sweepOrphanedParts(this.#parts, this.objects, this.uploads, this.#shared.damaged)
  }

  /** Waits for what runs in the background, and saves the indexes. No request may run any more. */
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
