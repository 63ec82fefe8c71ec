import { createCosStore } from '@carryon/object-store'
import type { ObjectInfo, ObjectStore } from '@carryon/object-store'
import type { AccessAnswer, StoredPartInfo } from '@carryon/protocol'
import { backendErrorOf } from './store-refusal.js'
import type { StsCredentials, StsGrant } from './sts-credentials.js'
import type { StsBackendOptions } from './sts-options.js'
import type { StsRecord } from './sts-records.js'

/** Longest lifetime of a signed PUT in seconds; it never outlives its credentials. */
const putLifetime = 1800

/** The store's calls about one record's object, signed with the application's credentials. */
export class StsStore {
  readonly #credentials: StsCredentials
  readonly #options: StsBackendOptions
  /** Stores by address and scope, because each caches its credentials and signing key. */
  readonly #stores = new Map<string, ObjectStore>()

  constructor(credentials: StsCredentials, options: StsBackendOptions) {
    this.#credentials = credentials
    this.#options = options
  }

  /** @returns the upload's id at the store */
  async create(record: StsRecord, metadata: Readonly<Record<string, string>> = {}): Promise<string> {
    const { key, type } = record.upload
    const headers = { contentType: mediaType(type), metadata }
    const started = await this.#ask(record, 'InitiateMultipartUpload', (store) =>
      store.createMultipartUpload(key, headers),
    )
    return started.uploadId
  }

  /**
   * Id of a multipart upload that was started under this key but whose id was not recorded. `null` if there is none,
   * or listing is not allowed.
   */
  async started(record: StsRecord): Promise<string | null> {
    const { key } = record.upload
    try {
      return await this.#ask(record, 'ListMultipartUploads', async (store) => {
        for await (const open of store.listMultipartUploads(key)) if (open.key === key) return open.uploadId
        return null
      })
    } catch {
      return null
    }
  }

  parts(record: StsRecord): Promise<readonly StoredPartInfo[]> {
    const { key, uploadId } = record.upload
    if (uploadId === null) return Promise.resolve([])
    return this.#ask(record, 'ListParts', (store) => store.listParts(key, uploadId))
  }

  complete(record: StsRecord, etags: readonly string[]): Promise<{ etag: string; crc64?: string }> {
    const { key, uploadId } = record.upload
    const parts = etags.map((etag, index) => ({ partNumber: index + 1, etag }))
    return this.#ask(record, 'CompleteMultipartUpload', (store) =>
      store.completeMultipartUpload(key, uploadId ?? '', parts),
    )
  }

  abort(record: StsRecord): Promise<void> {
    const { key, uploadId } = record.upload
    if (uploadId === null) return Promise.resolve()
    return this.#ask(record, 'AbortMultipartUpload', (store) => store.abortMultipartUpload(key, uploadId))
  }

  /** `null` if there is no object. */
  head(record: StsRecord): Promise<ObjectInfo | null> {
    return this.#ask(record, 'HeadObject', (store) => store.headObject(record.upload.key))
  }

  remove(record: StsRecord): Promise<void> {
    return this.#ask(record, 'DeleteObject', (store) => store.deleteObject(record.upload.key))
  }

  /**
   * The page's access grant for this upload: credentials to sign its parts, or one signed PUT for exactly these
   * bytes.
   */
  async access(record: StsRecord, { location, credentials }: StsGrant): Promise<AccessAnswer> {
    const { clock } = this.#credentials
    const serverTime = clock.now() / 1000
    const { startsAt, expiresAt, ...keys } = credentials
    if (record.upload.mode === 'multipart') {
      return {
        access: { mode: 'credentials', location, credentials: keys, startsAt, expiresAt },
        serverTime,
      }
    }
    const { key, size, type } = record.upload
    const headers = {
      'content-length': String(size),
      'content-type': mediaType(type),
      ...(record.md5 === null ? {} : { 'content-md5': record.md5 }),
    }
    const expiresIn = Math.min(putLifetime, expiresAt - serverTime)
    const signed = await this.#storeOf(record).presign({ method: 'PUT', key, headers, expiresIn })
    return {
      access: { mode: 'put', url: signed.url, headers: signed.headers, expiresAt: serverTime + expiresIn },
      serverTime,
    }
  }

  #storeOf({ location, upload: { key } }: StsRecord): ObjectStore {
    const scope = this.#scopeOf(location.baseUrl, key)
    let store = this.#stores.get(scope)
    if (store === undefined) {
      store = createCosStore({
        location,
        credentials: this.#credentials.provider(key),
        clock: this.#credentials.clock,
        ...(this.#options.fetch && { fetch: this.#options.fetch }),
      })
      this.#stores.set(scope, store)
    }
    return store
  }

  /** Call after the credentials were renewed, to stop signing with the old ones. */
  renewed({ location, upload: { key } }: StsRecord): void {
    this.#stores.delete(this.#scopeOf(location.baseUrl, key))
  }

  /** Call when this object is no longer needed. */
  forget(record: StsRecord): void {
    if (this.#options.scope !== 'key') return
    this.renewed(record)
    this.#credentials.forget(record.upload.key)
  }

  #scopeOf(baseUrl: string, key: string): string {
    return `${baseUrl} ${this.#options.scope === 'key' ? key : ''}`
  }

  async #ask<T>(record: StsRecord, operation: string, call: (store: ObjectStore) => Promise<T>): Promise<T> {
    const { key } = record.upload
    const grant = await this.#credentials.get(key)
    try {
      return await call(this.#storeOf(record))
    } catch (error) {
      const { expiresAt } = (await this.#credentials.get(key).catch(() => grant)).credentials
      const now = this.#credentials.clock.now()
      throw backendErrorOf(error, { action: `name/cos:${operation}`, key, expiresAt, now })
    }
  }
}

/** Replaces an invalid media type with `application/octet-stream`, because a header allows no other characters. */
function mediaType(type: string): string {
  return /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/i.test(type) ? type : 'application/octet-stream'
}
