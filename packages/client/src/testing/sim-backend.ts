import { planParts } from '@carryon/protocol'
import { BackendError } from '../core/backend-error.js'
import type { BatchAnswer, BatchRequest, UploadBackend } from '../backend/upload-backend.js'
import type {
  CompleteRequest,
  DuplicatesFound,
  ListQuery,
  OpenedUpload,
  OpenRequest,
  RegisteredUpload,
  AccessAnswer,
  StoredPartInfo,
  UploadPage,
} from '@carryon/protocol'
import type { SimClock } from './sim-clock.js'
import type { FaultSource } from './sim-faults.js'
import { hex } from './sim-hasher.js'
import { lineTo } from './sim-line.js'
import { accessTo, withRunsOf } from './sim-records.js'
import type { Row } from './sim-records.js'
import { SimRows } from './sim-rows.js'
import type { SimStore } from './sim-store.js'

export interface SimServerOptions {
  /** Bytes. */
  readonly partSize: number
  /** Whether the sizes of later parts are chosen while sending. Default false. */
  readonly grows?: boolean
  /** Lifetime of an access grant in seconds. */
  readonly lifetime: number
  /** Bytes. Files up to this size with an MD5 are sent as one PUT. */
  readonly largestSingle: number
  readonly mode: 'credentials' | 'urls'
  /** Milliseconds that the store takes to join. */
  readonly joinTime: number
  /** Whether a part's answer has no checksum: neither a CRC nor an ETag that is an MD5. Default false. */
  readonly isReticent?: boolean
}

/** The server of docs/api.md in memory, over a {@link SimStore}. */
export class SimServer {
  readonly #rows: SimRows
  readonly #store: SimStore
  readonly #clock: SimClock
  readonly #options: SimServerOptions
  #lastToken = 0
  #life = 1
  #downUntil = 0

  constructor(store: SimStore, clock: SimClock, options: SimServerOptions) {
    this.#store = store
    this.#clock = clock
    this.#options = options
    this.#rows = new SimRows(store, clock, options)
  }

  get rows(): Map<string, Row> {
    return this.#rows.all
  }

  open(request: OpenRequest): OpenedUpload {
    let row = this.#rows.found(request)
    const created = row === undefined
    row ??= this.#rows.create(request)
    const { crc64Type } = this.#store
    const parts = this.parts(row.upload.id)
    return {
      upload: row.upload.state === 'open' ? withRunsOf(row.upload, parts) : row.upload,
      created,
      parts,
      checksums:
        this.#options.isReticent === true
          ? { part: null, object: crc64Type, etagIsMd5: false }
          : { part: crc64Type, object: crc64Type, etagIsMd5: true },
      ...this.#access(row, undefined, request.forms === true),
    }
  }

  openUnlessDone(request: OpenRequest): OpenedUpload | DuplicatesFound {
    const { identity, size } = request
    const alike = [...this.rows.values()].filter(({ upload }) => upload.identity === identity)
    const isOpen = alike.some(({ upload: { state } }) => state === 'open' || state === 'completing')
    const done = alike.filter(({ upload }) => upload.state === 'done' && upload.size === size)
    const duplicates = done
      .filter(({ upload }) => upload.etag === etagOf(this.#store.objects.get(upload.key)))
      .reverse()
      .map(({ upload, md5, etagsDigest }) => ({
        upload,
        md5: upload.mode === 'single' ? (md5 ?? null) : null,
        etagsDigest,
      }))
    if (isOpen || duplicates.length === 0) return this.open(request)
    return { duplicates, serverTime: this.#clock.trueTime() / 1000 }
  }

  batch({ open, complete }: BatchRequest): BatchAnswer {
    return {
      opened: open.map((request) =>
        settled(() => (request.unlessDone === true ? this.openUnlessDone(request) : this.open(request))),
      ),
      completed: complete.map(({ id, ...completeRequest }) =>
        settled(() => this.complete(id, completeRequest)),
      ),
    }
  }

  parts(id: string): readonly StoredPartInfo[] {
    const { upload } = this.#rows.row(id)
    const held = upload.uploadId === null ? undefined : this.#store.uploads.get(upload.uploadId)
    return [...(held?.parts ?? [])].map(([partNumber, { bytes, etag }]) => ({
      partNumber,
      size: bytes.length,
      etag,
      ...(this.#store.crc64Type === 'crc64nvme' ? { crc64: this.#store.crc64(bytes) } : {}),
    }))
  }

  renewAccess(id: string, partNumbers: readonly number[] | undefined): AccessAnswer {
    const row = this.#rows.row(id)
    const { state } = row.upload
    if (state === 'done') throw new BackendError('already-done', 'done', { status: 409 })
    if (state === 'cancelled' || state === 'failed')
      throw new BackendError('upload-gone', 'gone', { status: 410 })
    return this.#access(row, partNumbers, false)
  }

  #access({ upload, md5 }: Row, partNumbers: readonly number[] | undefined, byForm: boolean): AccessAnswer {
    const token = `token-${++this.#lastToken}`
    const now = this.#clock.trueTime() / 1000
    const expiresAt = now + this.#options.lifetime
    this.#store.tokens.set(token, expiresAt * 1000)
    const term = { token, startsAt: now, expiresAt }
    const access = accessTo(upload, md5, this.#options.mode, term, partNumbers ?? [1], byForm)
    return { access, serverTime: now }
  }

  complete(id: string, completeRequest: CompleteRequest): RegisteredUpload {
    const row = this.#rows.row(id)
    const { upload } = row
    if (upload.state === 'done') return upload
    if (upload.state === 'completing') return this.#join(row)
    if (upload.state !== 'open') throw new BackendError('upload-gone', 'gone', { status: 410 })
    if (upload.mode === 'single') {
      const object = this.#store.objects.get(upload.key)
      if (object === undefined)
        throw new BackendError('parts-mismatch', 'no object', { status: 409, partNumbers: [1] })
      if (this.#store.crc64(object) !== completeRequest.crc64)
        throw new BackendError('checksum-mismatch', 'other bytes', { status: 409 })
      return this.#finish(row, object)
    }
    const held = this.#store.uploads.get(upload.uploadId ?? '')
    if (held === undefined) throw new BackendError('upload-gone', 'lost by the store', { status: 410 })
    const partNumbers = (completeRequest.etags ?? []).flatMap((etag, index) =>
      isClaimed(held.parts.get(index + 1)?.etag, etag) ? [] : [index + 1],
    )
    const partRuns = completeRequest.partRuns ?? null
    const { partCount } = planParts(upload.size, partRuns ?? upload.partSize)
    for (const partNumber of held.parts.keys()) if (partNumber > partCount) partNumbers.push(partNumber)
    if (partNumbers.length > 0 || completeRequest.etags?.length !== partCount) {
      throw new BackendError('parts-mismatch', 'parts differ', { status: 409, partNumbers })
    }
    const joined = this.#store.complete(upload.uploadId ?? '')
    if (joined === null || joined.crc64 !== completeRequest.crc64 || joined.size !== completeRequest.size) {
      this.#store.objects.delete(upload.key)
      row.upload = { ...upload, state: 'failed' }
      throw new BackendError('checksum-mismatch', 'the object differs', { status: 409 })
    }
    const { name = upload.name, type = upload.type } = completeRequest
    row.upload = { ...upload, state: 'completing', partCount, partRuns, name, type }
    const etags = Array.from({ length: partCount }, (_, index) => held.parts.get(index + 1)?.etag)
    row.etagsDigest = hex(new TextEncoder().encode(etags.join('\n')), 'sha256')
    row.joinedAt = this.#clock.now() + this.#options.joinTime
    return this.#join(row)
  }

  cancel(id: string): void {
    const row = this.#rows.row(id)
    if (row.upload.state === 'done' || row.upload.state === 'completing') {
      throw new BackendError('already-done', 'done', { status: 409 })
    }
    if (row.upload.uploadId !== null) this.#store.uploads.delete(row.upload.uploadId)
    else this.#removeObject(row.upload.key)
    row.upload = { ...row.upload, state: 'cancelled' }
  }

  get(id: string): RegisteredUpload {
    const row = this.#rows.row(id)
    return row.upload.state === 'completing' ? this.#join(row) : row.upload
  }

  list({ state }: ListQuery): UploadPage {
    const uploads = [...this.rows.values()]
      .map(({ upload }) => upload)
      .filter((upload) =>
        state === 'done' ? upload.state === 'done' : ['open', 'completing'].includes(upload.state),
      )
    return { uploads: uploads.reverse(), next: null }
  }

  /** The backend of a tab: this server over a line with latency (milliseconds) and faults. */
  over(nextFault: () => FaultSource, latency: number): UploadBackend {
    return lineTo(this, this.#clock, nextFault, latency)
  }

  /** Requests in flight get no answer, nor do those of the next `downtime` milliseconds. */
  restart(downtime: number): void {
    this.#life += 1
    this.#downUntil = this.#clock.now() + downtime
  }

  /** Changes with each {@link SimServer.restart}; `null` while it is down. */
  get life(): number | null {
    return this.#clock.now() < this.#downUntil ? null : this.#life
  }

  /** Removes the object twice: a signed PUT stays valid until it expires, and the sweeper checks again then. */
  #removeObject(key: string): void {
    this.#store.objects.delete(key)
    const { lifetime } = this.#options
    void this.#clock.sleep(lifetime * 1000).then(() => this.#store.objects.delete(key))
  }

  #join(row: Row): RegisteredUpload {
    if (row.joinedAt === null || this.#clock.now() < row.joinedAt) return row.upload
    return this.#finish(row, this.#store.objects.get(row.upload.key) ?? new Uint8Array())
  }

  #finish(row: Row, object: Uint8Array): RegisteredUpload {
    const finishedAt = new Date(this.#clock.trueTime()).toISOString()
    row.upload = {
      ...row.upload,
      state: 'done',
      url: `sim://${row.upload.key}`,
      crc64: this.#store.crc64(object),
      etag: etagOf(object),
      finishedAt,
    }
    return row.upload
  }
}

function settled<T>(work: () => T): T | BackendError {
  try {
    return work()
  } catch (error) {
    if (error instanceof BackendError) return error
    throw error
  }
}

/** Compares ETags; one that the page could not read is taken from the store. */
function isClaimed(stored: string | undefined, claimed: string): boolean {
  return stored !== undefined && (claimed === '' || claimed === stored)
}

function etagOf(object: Uint8Array | undefined): string | null {
  return object === undefined ? null : hex(object, 'md5')
}
