import { access, constants, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bucketName } from '../address.js'
import { DigestPool } from '../digest/digest-pool.js'
import { CosError, messageOf, StartError } from '../errors.js'
import { Bucket, type BucketSettings } from './bucket.js'
import { lockDirectory } from './directory-lock.js'
import { DurableFiles } from './durable-files.js'
import { KeyedLock } from './keyed-lock.js'
import { closeFolders, makeFolders } from './private-files.js'
import { Quota } from './quota.js'
import { receiveBody, type ReceivedBody } from './receive-body.js'
import type { StoreFiles } from './bucket-files.js'
import type { BodyGate } from './drain.js'
import type { Readable } from 'node:stream'

/** All data on disk: `buckets/<name>/`, `temporary/` and `damaged/`. */
export class Storage {
  readonly quota: Quota
  readonly #path: string
  readonly #files: DurableFiles
  readonly #store: StoreFiles
  readonly #buckets = new Map<string, Bucket>()
  readonly #lock = new KeyedLock()
  readonly #unlock: () => Promise<void>
  readonly #digests = DigestPool.start()

  private constructor(path: string, store: StoreFiles, unlock: () => Promise<void>) {
    this.#path = path
    this.#unlock = unlock
    this.#store = store
    this.#files = store.files
    this.quota = store.quota
  }

  /** @throws {@link StartError} `DIRECTORY_NOT_WRITABLE`, `DIRECTORY_IN_USE` */
  static async open(
    directory: string,
    maxBytes: number,
    log: (line: object) => void = () => undefined,
  ): Promise<Storage> {
    const path = join(directory, 'buckets')
    const files = new DurableFiles(join(directory, 'temporary'))
    const unlock = await prepare(directory, path, files, log)
    const quota = new Quota(maxBytes)
    const storage = new Storage(path, { damaged: join(directory, 'damaged'), files, quota, log }, unlock)
    try {
      await storage.#load()
      if (Number.isFinite(maxBytes)) await storage.#count()
      return storage
    } catch (error) {
      await storage.close()
      throw error
    }
  }

  /** Waits for background work and releases the directory. Call only after all requests have ended. */
  async close(): Promise<void> {
    await Promise.all(this.list().map(async (bucket) => bucket.close()))
    await this.#digests.close()
    await this.#unlock()
  }

  async #load(): Promise<void> {
    for (const name of await readdir(this.#path)) {
      if (bucketName.test(name)) {
        this.#buckets.set(name, await Bucket.open(join(this.#path, name), name, this.#store))
      }
    }
    for (const bucket of this.#buckets.values()) bucket.recover()
  }

  /** Counts the stored bytes; needed only if there is a limit. */
  async #count(): Promise<void> {
    for (const bucket of this.#buckets.values()) this.quota.count(await bucket.size())
  }

  /** Sorted by name. */
  list(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name)
  }

  /** @throws {@link CosError} `NoSuchBucket` */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name)
    if (bucket === undefined) throw new CosError('NoSuchBucket', `There is no bucket ${name}.`)
    return bucket
  }

  /** @throws {@link CosError} `InvalidBucketName`, `BucketAlreadyOwnedByYou` */
  async create(name: string, settings: BucketSettings): Promise<Bucket> {
    if (!bucketName.test(name)) {
      throw new CosError(
        'InvalidBucketName',
        'A bucket is named <name>-<appid>: lower-case letters, digits and hyphens, then the digits of the account.',
      )
    }
    return this.#lock.run(name, async () => {
      if (this.#buckets.has(name)) {
        throw new CosError('BucketAlreadyOwnedByYou', `The bucket ${name} is there already.`)
      }
      const bucket = await Bucket.create(join(this.#path, name), name, settings, this.#store)
      this.#buckets.set(name, bucket)
      bucket.recover()
      return bucket
    })
  }

  /** @throws {@link CosError} `NoSuchBucket`, `BucketNotEmpty` */
  async remove(name: string): Promise<void> {
    await this.#lock.run(name, async () => {
      const bucket = this.get(name)
      if ((await bucket.objects.listVersions()).length > 0 || (await bucket.uploads.list()).length > 0) {
        throw new CosError(
          'BucketNotEmpty',
          `The bucket ${name} still holds objects, versions of them or unfinished uploads.`,
        )
      }
      await bucket.sweep()
      this.#buckets.delete(name)
      await bucket.close()
      await this.#files.removeFolder(join(this.#path, name))
      await this.#files.syncFolder(this.#path)
    })
  }

  /** Removes all buckets and their contents. Call only after all requests have ended. */
  async clear(): Promise<void> {
    for (const { name } of this.list()) {
      await this.#lock.run(name, async () => {
        const bucket = this.#buckets.get(name)
        this.#buckets.delete(name)
        await bucket?.close()
        await this.#files.removeFolder(join(this.#path, name))
      })
    }
    await this.#files.syncFolder(this.#path)
    this.quota.release(this.quota.used)
  }

  /**
   * Receives a body into a temporary file, within the quota. If `use` fails, the quota is released.
   *
   * @param options `length` in bytes, `undefined` for a chunked body; `expected` is then the approximate number
   *   of bytes; `sync` writes the body to disk at once, for a body whose file is published unchanged.
   * @param use checks and publishes the body; if it throws, nothing is stored.
   */
  async receive<Result>(
    source: Readable,
    options: {
      readonly length: number | undefined
      readonly expected?: number
      readonly gate: BodyGate
      readonly sync: boolean
    },
    use: (body: ReceivedBody) => Promise<Result>,
  ): Promise<Result> {
    const { length } = options
    let reserved = 0
    const reserve = (bytes: number): void => {
      this.quota.reserve(bytes - reserved)
      reserved = bytes
    }
    if (length !== undefined) reserve(length)
    const gate: BodyGate = (received) => {
      if (length === undefined) reserve(received)
      return options.gate(received)
    }
    let body: ReceivedBody | undefined
    try {
      body = await receiveBody(source, this.#files.temporaryPath(), {
        ...options,
        gate,
        digests: this.#digests,
      })
      return await use(body)
    } catch (error) {
      this.quota.release(reserved)
      if (body !== undefined) {
        // Publishing may have closed the handle; closing it again is harmless.
        await body.handle.close().catch(() => undefined)
        await this.#files.discard(body.path)
      }
      throw error
    }
  }
}

async function prepare(
  directory: string,
  path: string,
  files: DurableFiles,
  log: (line: object) => void,
): Promise<() => Promise<void>> {
  let unlock: (() => Promise<void>) | undefined
  try {
    await makeFolders(path)
    await access(path, constants.W_OK | constants.X_OK)
    unlock = await lockDirectory(directory)
    await files.clean()
    const open = await closeFolders(directory, ['buckets', 'temporary', 'damaged'])
    if (open.length > 0)
      log({ message: 'others on this machine may read folders of another user', folders: open })
    await files.syncFolder(directory)
    return unlock
  } catch (error) {
    await unlock?.()
    if (error instanceof StartError) throw error
    throw new StartError(
      'DIRECTORY_NOT_WRITABLE',
      `The store cannot write to its directory ${directory}: ${messageOf(error)}. ` +
        'Choose another, or change its permissions.',
      error,
    )
  }
}
