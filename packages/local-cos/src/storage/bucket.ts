import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CorsConfiguration } from '../cors.js'
import type { DurableFiles } from './durable-files.js'
import { ObjectFolder } from './object-folder.js'
import type { Acl, Tag } from './object-record.js'
import { PartFolders } from './part-folders.js'
import { makeFolders } from './private-files.js'
import type { Quota } from './quota.js'
import { UploadFolder } from './upload-folder.js'

export interface BucketSettings {
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly cors: CorsConfiguration | null
  /** The lifecycle XML as it was put. */
  readonly lifecycle: string | null
  /** Absent or empty for none. */
  readonly tags?: readonly Tag[]
  /** Absent for private. */
  readonly acl?: Acl
}

const settingsFile = 'bucket.json'

/** One bucket: a folder with its settings, objects, open uploads and part files. */
export class Bucket {
  readonly name: string
  readonly objects: ObjectFolder
  readonly uploads: UploadFolder
  readonly #path: string
  readonly #parts: PartFolders
  readonly #files: DurableFiles
  #settings: BucketSettings

  private constructor(
    name: string,
    path: string,
    settings: BucketSettings,
    files: DurableFiles,
    quota: Quota,
  ) {
    this.name = name
    this.#path = path
    this.#settings = settings
    this.#files = files
    this.#parts = new PartFolders(join(path, 'parts'), files)
    this.objects = new ObjectFolder(join(path, 'objects'), files, this.#parts, quota)
    this.uploads = new UploadFolder(join(path, 'uploads'), files, this.#parts, quota)
  }

  static async create(
    path: string,
    name: string,
    settings: BucketSettings,
    files: DurableFiles,
    quota: Quota,
  ): Promise<Bucket> {
    const unfinished = files.temporaryPath()
    for (const folder of ['objects', 'uploads', 'parts']) {
      await makeFolders(join(unfinished, folder))
    }
    await files.write(join(unfinished, settingsFile), JSON.stringify(settings))
    await files.publish(unfinished, path)
    return new Bucket(name, path, settings, files, quota)
  }

  static async open(path: string, name: string, files: DurableFiles, quota: Quota): Promise<Bucket> {
    const settings = JSON.parse(await readFile(join(path, settingsFile), 'utf8')) as BucketSettings
    const bucket = new Bucket(name, path, settings, files, quota)
    await bucket.uploads.load(bucket.objects)
    return bucket
  }

  /**
   * Looks for part files that belong to nothing: a kill between two steps of creating, aborting or deleting leaves them.
   * Must be called before requests are served.
   *
   * @returns what removes them, at leisure.
   */
  async findOrphans(): Promise<() => Promise<void>> {
    const candidates = (await this.#parts.list()).filter((uploadId) => !this.uploads.has(uploadId))
    return async () => {
      for (const uploadId of candidates) {
        const key = await this.#parts.keyOf(uploadId)
        const object = key === null ? null : await this.objects.find(key)
        if (object?.joined?.uploadId !== uploadId) await this.#parts.remove(uploadId)
      }
    }
  }

  get settings(): BucketSettings {
    return this.#settings
  }

  async change(change: Partial<BucketSettings>): Promise<void> {
    const settings = { ...this.#settings, ...change }
    await this.#files.write(join(this.#path, settingsFile), JSON.stringify(settings))
    this.#settings = settings
  }
}
