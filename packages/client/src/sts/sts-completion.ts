import type { CompleteRequest, StoredPartInfo } from '@carryon/protocol'
import { StoreError } from '@carryon/object-store'
import { BackendError } from '../core/backend-error.js'
import { isDenied } from './store-refusal.js'
import type { StsRecord, StsRecords } from './sts-records.js'
import type { StsStore } from './sts-store.js'

/** Properties of a created object. */
interface Made {
  readonly etag: string | null
  readonly crc64: string | null
  /** Bytes; `null` if unknown. */
  readonly size: number | null
}

/** Completes uploads, and checks the result of a complete whose answer was lost. */
export class StsCompletion {
  readonly #store: StsStore
  readonly #records: StsRecords
  readonly #urlOf: (record: StsRecord) => string
  readonly #now: () => number
  readonly #underWay = new Map<string, Promise<StsRecord>>()

  constructor(store: StsStore, records: StsRecords, urlOf: (record: StsRecord) => string, now: () => number) {
    this.#store = store
    this.#records = records
    this.#urlOf = urlOf
    this.#now = now
  }

  /** Idempotent. */
  complete(record: StsRecord, request: CompleteRequest): Promise<StsRecord> {
    const underWay = this.#underWay.get(record.id)
    if (underWay !== undefined) return underWay
    const completing = this.#complete(record, request).finally(() => this.#underWay.delete(record.id))
    this.#underWay.set(record.id, completing)
    return completing
  }

  /**
   * `record`, or its finished state if a page was left while completing it.
   *
   * @param isLost whether the store no longer has its parts: a denied HEAD of the object is then an error
   */
  async settled(record: StsRecord, isLost = false): Promise<StsRecord> {
    const underWay = this.#underWay.get(record.id)
    if (underWay !== undefined) return underWay
    if (record.declared === undefined || record.upload.state === 'done') return record
    try {
      const made = await this.#made(record)
      return made === null ? record : await this.#finished(record, record.declared, made)
    } catch (error) {
      if (isLost || !isDenied(error)) throw error
      return record
    }
  }

  async #complete(record: StsRecord, request: CompleteRequest): Promise<StsRecord> {
    if (record.upload.state === 'done') return record
    if (request.size !== record.upload.size) {
      throw new BackendError(
        'invalid-request',
        `The upload was opened for ${record.upload.size} bytes; complete says ${request.size}.`,
        { status: 400 },
      )
    }
    const { size, crc64 } = request
    const declared: StsRecord = { ...record, declared: { size, ...(crc64 === undefined ? {} : { crc64 }) } }
    await this.#records.put(declared)
    if (record.upload.mode === 'single') return this.#finished(declared, request, await this.#put(declared))
    return this.#finished(declared, request, await this.#joined(declared, request))
  }

  /** Checks that the object exists. The page has already verified the answer to its PUT, whose MD5 was signed. */
  async #put(record: StsRecord): Promise<Made> {
    try {
      const object = await this.#store.head(record)
      if (object !== null) return { ...object, crc64: object.crc64 ?? null }
    } catch (error) {
      if (!isDenied(error)) throw error
      return { etag: null, crc64: null, size: null }
    }
    throw new BackendError('parts-mismatch', 'The object has not arrived.', { status: 409, partNumbers: [1] })
  }

  async #joined(record: StsRecord, { etags = [] }: CompleteRequest): Promise<Made> {
    try {
      const named = etags.includes('') ? await this.#namedByStore(record, etags) : etags
      const { etag, crc64 = null } = await this.#store.complete(record, named)
      return { etag, crc64, size: null }
    } catch (error) {
      const made = await this.#afterRefusal(record, error, etags)
      if (made === null) throw error
      return made
    }
  }

  /**
   * Checks whether an earlier complete created the object; otherwise throws an error that names the parts that the
   * store lacks.
   */
  async #afterRefusal(record: StsRecord, error: unknown, etags: readonly string[]): Promise<Made | null> {
    if (!(error instanceof BackendError)) return null
    if (error.code === 'upload-gone') return this.#made(record)
    const code = error.cause instanceof StoreError ? error.cause.code : ''
    if (!['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall'].includes(code)) return null
    const stored = numbered(await this.#store.parts(record))
    const partNumbers = etags.flatMap((etag, index) =>
      stored.get(index + 1)?.etag === etag ? [] : [index + 1],
    )
    throw new BackendError('parts-mismatch', error.message, { status: 409, partNumbers })
  }

  /** Fills in the store's ETags for those that the page could not read. */
  async #namedByStore(record: StsRecord, etags: readonly string[]): Promise<readonly string[]> {
    const stored = numbered(await this.#store.parts(record))
    return etags.map((etag, index) => (etag === '' ? (stored.get(index + 1)?.etag ?? '') : etag))
  }

  async #made(record: StsRecord): Promise<Made | null> {
    const object = await this.#store.head(record)
    return object === null ? null : { ...object, crc64: object.crc64 ?? null }
  }

  /** Records the upload as done. If the object differs from what was declared, removes it and throws. */
  async #finished(
    record: StsRecord,
    request: Pick<CompleteRequest, 'size' | 'crc64' | 'name' | 'type' | 'partRuns'>,
    made: Made,
  ): Promise<StsRecord> {
    const isSame =
      (made.size === null || made.size === request.size) &&
      (made.crc64 === null || request.crc64 === undefined || made.crc64 === request.crc64)
    if (!isSame) {
      const removed = await this.#store.remove(record).then(
        () => 'It was removed.',
        () => `It could not be removed: the key is "${record.upload.key}".`,
      )
      await this.#records.delete(record.id)
      throw new BackendError('checksum-mismatch', `The stored object is not what was sent. ${removed}`, {
        status: 409,
      })
    }
    const { partRuns = null, name = record.upload.name, type = record.upload.type } = request
    const now = new Date(this.#now()).toISOString()
    const done: StsRecord = {
      ...record,
      upload: {
        ...record.upload,
        name,
        type,
        partRuns,
        state: 'done',
        updatedAt: now,
        finishedAt: now,
        url: this.#urlOf(record),
        crc64: made.crc64,
        etag: made.etag,
      },
    }
    await this.#records.put(done)
    return done
  }
}

function numbered(parts: readonly StoredPartInfo[]): ReadonlyMap<number, StoredPartInfo> {
  return new Map(parts.map((part) => [part.partNumber, part]))
}
