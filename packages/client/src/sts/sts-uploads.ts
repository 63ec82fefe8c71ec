import type {
  AccessAnswer,
  CompleteRequest,
  ListQuery,
  OpenedUpload,
  OpenRequest,
  RegisteredUpload,
  StoredPartInfo,
  UploadPage,
} from '@carryon/protocol'
import type { CompletedUpload } from '../backend/upload-backend.js'
import { BackendError } from '../core/backend-error.js'
import { newKey, randomId } from './new-key.js'
import { isDenied } from './store-refusal.js'
import { StsCompletion } from './sts-completion.js'
import { StsCredentials } from './sts-credentials.js'
import type { StsPlace } from './sts-credentials.js'
import type { StsBackendOptions } from './sts-options.js'
import { pageOf } from './sts-page.js'
import { asStored, canContinue, firstPlan } from './sts-plan.js'
import type { StsRecord, StsRecords } from './sts-records.js'
import { StsStore } from './sts-store.js'

const day = 86_400_000
/** Number of finished uploads that stay on record; older ones exist only in the bucket. */
const finishedKept = 500

/** An upload and its stored parts. */
interface Held {
  readonly record: StsRecord
  readonly parts: readonly StoredPartInfo[]
}

/** The uploads of one owner in this browser: records are stored here, parts at COS. */
export class StsUploads {
  readonly #options: StsBackendOptions
  readonly #records: StsRecords
  readonly #owner: string
  readonly #lifetime: number
  readonly #credentials: StsCredentials
  readonly #store: StsStore
  readonly #completion: StsCompletion
  /** Opens in progress, by fingerprint: a second one gets the upload of the first. */
  readonly #opening = new Map<string, Promise<OpenedUpload>>()

  constructor(options: StsBackendOptions, records: StsRecords, expireDays: number) {
    this.#options = options
    this.#records = records
    this.#owner = options.owner ?? ''
    this.#lifetime = expireDays * day
    this.#credentials = new StsCredentials(options)
    this.#store = new StsStore(this.#credentials, options)
    this.#completion = new StsCompletion(
      this.#store,
      records,
      (record) => this.#urlOf(record),
      () => this.#now(),
    )
  }

  async open(request: OpenRequest): Promise<OpenedUpload> {
    const { identity } = request
    const before = this.#opening.get(identity)
    const opened = (before ?? Promise.resolve()).catch(() => undefined).then(() => this.#open(request))
    this.#opening.set(identity, opened)
    return opened.finally(() => {
      if (this.#opening.get(identity) === opened) this.#opening.delete(identity)
    })
  }

  async #open(request: OpenRequest): Promise<OpenedUpload> {
    const place = await this.#credentials.place()
    const own = `${request.identity}~${await digestOf(request.md5 ?? request.name)}`
    const identity = request.separate === true ? own : request.identity
    const found =
      (await this.#find(own, request, place)) ??
      (request.separate === true ? undefined : await this.#find(identity, request, place)) ??
      (await this.#continued(request, place))
    let known = found === undefined ? undefined : await this.#completion.settled(found)
    const isDone = (): boolean => known?.upload.state === 'done'
    const held = known === undefined || isDone() ? null : await this.#held(known)
    if (known !== undefined && held === null) known = await this.#completion.settled(known, true)
    if (known !== undefined && isDone()) return { ...(await this.#answered(known, [])), created: false }
    if (held !== null) {
      const expiresAt = new Date(this.#now() + this.#lifetime).toISOString()
      const upload = { ...held.record.upload, updatedAt: this.#time(), expiresAt }
      const kept = await this.#kept({ ...held.record, upload })
      return { ...(await this.#answered(kept, held.parts)), created: false }
    }
    if (known !== undefined) await this.#records.delete(known.id)
    return { ...(await this.#answered(await this.#start(identity, request, place), [])), created: true }
  }

  async parts(id: string): Promise<readonly StoredPartInfo[]> {
    const record = await this.#unfinished(id)
    if (record.upload.mode === 'single') return []
    return this.#store.parts(record)
  }

  async renewAccess(id: string): Promise<AccessAnswer> {
    const record = await this.#unfinished(id)
    await this.#credentials.renew(record.upload.key)
    this.#store.renewed(record)
    return this.#access(record)
  }

  async complete(id: string, request: CompleteRequest): Promise<CompletedUpload> {
    const record = await this.#record(id)
    const done = await this.#completion.complete(record, request)
    this.#store.forget(record)
    return done.upload
  }

  async cancel(id: string): Promise<void> {
    const record = await this.#records.get(id)
    if (record === undefined || record.owner !== this.#owner) return
    if ((await this.#completion.settled(record)).upload.state === 'done')
      throw new BackendError('already-done', 'The upload is finished.', { status: 409 })
    await this.#removed(record)
    await this.#records.delete(id)
    this.#store.forget(record)
  }

  async get(id: string): Promise<CompletedUpload> {
    return (await this.#completion.settled(await this.#record(id))).upload
  }

  async list(query: ListQuery): Promise<UploadPage> {
    const all = [...(await this.#records.all(this.#owner))].sort((a, b) =>
      b.upload.createdAt.localeCompare(a.upload.createdAt),
    )
    await this.#sweep(all)
    return pageOf(all, query, this.#time())
  }

  async #find(identity: string, { md5, size }: OpenRequest, place: StsPlace): Promise<StsRecord | undefined> {
    const found = await this.#records.find(this.#owner, identity)
    return found.find(
      ({ upload, location, md5: ofRecord }) =>
        upload.state !== 'done' &&
        upload.size === size &&
        location.baseUrl === place.location.baseUrl &&
        upload.mode === (md5 === undefined ? 'multipart' : firstPlan({ ...upload, md5 }).mode) &&
        (upload.mode === 'multipart' || ofRecord === md5),
    )
  }

  /** Continues the upload of an earlier version of the file as the upload of this one. */
  async #continued({ continues, identity, size, name, type = '' }: OpenRequest, place: StsPlace) {
    const record = continues === undefined ? undefined : await this.#records.get(continues)
    if (record?.owner !== this.#owner || record.location.baseUrl !== place.location.baseUrl) return undefined
    const held = await this.#held(record)
    if (held === null || !canContinue(held.record.upload, held.parts, size)) return undefined
    const upload = { ...held.record.upload, identity, size, name, type }
    return this.#kept({ ...held.record, identity, upload })
  }

  /**
   * Creates a record before the upload is created at the store, so that a page killed in between leaves no unknown
   * upload.
   */
  async #start(identity: string, request: OpenRequest, { location, prefix }: StsPlace): Promise<StsRecord> {
    const { name, size, type = '', md5 } = request
    const now = this.#now()
    const plan = firstPlan(request)
    const id = randomId()
    const upload: RegisteredUpload = {
      id,
      name,
      size,
      type,
      identity,
      key: newKey(prefix, name, new Date(now)),
      uploadId: null,
      ...plan,
      state: 'open',
      createdAt: this.#time(),
      updatedAt: this.#time(),
      expiresAt: new Date(now + this.#lifetime).toISOString(),
      finishedAt: null,
      url: null,
      crc64: null,
      crc64Type: 'crc64ecma',
      etag: null,
    }
    const single = plan.mode === 'single'
    const record = await this.#kept({
      id,
      owner: this.#owner,
      identity,
      upload,
      location,
      md5: single ? (md5 ?? null) : null,
    })
    return single ? record : this.#named(record, await this.#store.create(record, request.metadata))
  }

  /** The upload with its stored parts; `null`: the store no longer has it, or it was never started. */
  async #held(record: StsRecord): Promise<Held | null> {
    if (record.upload.mode === 'single') return { record, parts: [] }
    try {
      if (record.upload.uploadId !== null) return { record, parts: await this.#store.parts(record) }
      const started = await this.#store.started(record)
      if (started === null) return null
      const named = await this.#named(record, started)
      return { record: named, parts: await this.#store.parts(named) }
    } catch (error) {
      if (error instanceof BackendError && error.code === 'upload-gone') return null
      throw error
    }
  }

  #named(record: StsRecord, uploadId: string): Promise<StsRecord> {
    return this.#kept({ ...record, upload: { ...record.upload, uploadId } })
  }

  async #kept(record: StsRecord): Promise<StsRecord> {
    await this.#records.put(record)
    return record
  }

  async #answered(record: StsRecord, parts: readonly StoredPartInfo[]): Promise<OpenedUpload> {
    const { upload } = record
    return {
      upload: upload.state === 'open' ? asStored(upload, parts) : upload,
      parts,
      checksums: { part: 'crc64ecma', object: 'crc64ecma', etagIsMd5: true },
      ...(await this.#access(record)),
    }
  }

  async #access(record: StsRecord): Promise<AccessAnswer> {
    return this.#store.access(record, await this.#credentials.get(record.upload.key))
  }

  async #record(id: string): Promise<StsRecord> {
    const record = await this.#records.get(id)
    if (record?.owner === this.#owner) return record
    throw new BackendError('not-found', 'This browser knows no such upload.', { status: 404 })
  }

  async #unfinished(id: string): Promise<StsRecord> {
    const record = await this.#record(id)
    if (record.upload.state !== 'done') return record
    throw new BackendError('already-done', 'The upload is finished.', { status: 409 })
  }

  /** Removes everything from the store. A small file's object may exist even if no answer confirmed it. */
  async #removed(record: StsRecord): Promise<void> {
    if (record.upload.mode === 'multipart') return this.#store.abort(record)
    try {
      await this.#store.remove(record)
    } catch (error) {
      if (!isDenied(error) || (await this.#store.head(record)) !== null) throw error
    }
  }

  /**
   * Cancels expired uploads, as far as the store is reachable now, and removes the records of the oldest finished
   * ones.
   */
  async #sweep(newestFirst: readonly StsRecord[]): Promise<void> {
    const now = this.#time()
    const done = newestFirst.filter(({ upload }) => upload.state === 'done')
    for (const { id } of done.slice(finishedKept)) await this.#records.delete(id)
    const old = newestFirst.filter(({ upload }) => upload.state === 'open' && upload.expiresAt <= now)
    // Not awaited: a failure must not fail the list, and the next list retries.
    for (const { id } of old) void this.cancel(id).catch(() => undefined)
  }

  #urlOf({ location, upload: { key } }: StsRecord): string {
    const base = this.#options.publicUrl ?? location.baseUrl
    return `${base.replace(/\/+$/, '')}/${key.split('/').map(encodeURIComponent).join('/')}`
  }

  #now(): number {
    return this.#credentials.clock.now()
  }

  #time(): string {
    return new Date(this.#now()).toISOString()
  }
}

/** 16 hex digits that distinguish files with the same fingerprint. */
async function digestOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
