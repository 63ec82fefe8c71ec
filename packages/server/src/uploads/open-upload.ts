import type { StoredPart } from '@carryon/object-store'
import type { Access } from '../access/access.js'
import { Problem } from '../http/problem.js'
import type { UploadRow } from '../register/upload-row.js'
import type { Completions } from './complete-upload.js'
import { type Duplicate, findDuplicates } from './duplicates.js'
import { repairFragment, startFragment } from './fragment.js'
import { listPartsOrNull } from './join-parts.js'
import { KeyedQueue } from './keyed-queue.js'
import { newObjectKey, randomId } from './object-key.js'
import type { Opener, OpenQuota } from './open-limits.js'
import { missingPartNumbers } from './part-check.js'
import { largestSinglePut, planParts, withTail } from './part-plan.js'
import { tailPartSizeIn } from './part-tail.js'
import { endUpload } from './removal.js'
import { SingleFlight } from './single-flight.js'
import { expiryFrom, type UploadDesk } from './upload-desk.js'

export interface OpenRequest {
  readonly identity: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** Base64; asks for one signed PUT. */
  readonly md5?: string | undefined
  /** Bytes; a wish. */
  readonly partSize?: number | undefined
  /** Open nothing while there are finished uploads that may be of this content: answer those. */
  readonly unlessDone?: boolean | undefined
  /** Whether the client can send a signed form instead of one signed PUT. */
  readonly forms?: boolean | undefined
}

export interface OpenedUpload extends FoundUpload {
  readonly access: Access
}

/** The one open upload, before anything is allowed of it. */
interface FoundUpload {
  readonly upload: UploadRow
  readonly created: boolean
  readonly parts: readonly StoredPart[]
}

/** Nothing was opened. */
export interface FoundDuplicates {
  /** At least one. */
  readonly duplicates: readonly Duplicate[]
}

/** Signed part URLs answered with an open; a client asks for more as it goes. */
export const urlsAtOpen = 100
/** How often another server's or tab's step in between is followed before giving up. */
const attempts = 8

/** Finds or makes the one open upload of an owner and an identity. */
export class Openings {
  readonly #desk: UploadDesk
  readonly #completions: Completions
  readonly #quota: OpenQuota
  readonly #flights = new SingleFlight<FoundUpload | FoundDuplicates>()
  readonly #queue = new KeyedQueue()

  constructor(desk: UploadDesk, completions: Completions, quota: OpenQuota) {
    this.#desk = desk
    this.#completions = completions
    this.#quota = quota
  }

  async open(opener: Opener, request: OpenRequest): Promise<OpenedUpload | FoundDuplicates> {
    const { owner } = opener
    const { maxBytes } = this.#desk.limits
    if (request.size > maxBytes) {
      throw new Problem('too-large', `The file has ${request.size} bytes; at most ${maxBytes} are taken.`, {
        maxBytes,
      })
    }
    const { identity, size, md5 = null, unlessDone = false } = request
    const same = JSON.stringify([owner, identity, size, md5, unlessDone])
    // Opens of other content under the same identity replace each other: one after another, or none would ever be there
    // when its own is.
    const { result, joined } = this.#flights.run(same, () =>
      this.#queue.run(JSON.stringify([owner, identity]), () => this.#open(opener, request)),
    )
    const opened = await result
    if ('duplicates' in opened) return opened
    const { upload, parts } = opened
    const created = opened.created && !joined
    this.#desk.count({ kind: 'opened', mode: upload.mode, found: !created })
    const wanted = missingPartNumbers(withTail(upload, upload.size, upload.tailPartSize), parts, urlsAtOpen)
    const access = await this.#desk.access.grant(upload, wanted, { byForm: request.forms === true })
    return { upload, parts, created, access }
  }

  async #open(opener: Opener, request: OpenRequest): Promise<FoundUpload | FoundDuplicates> {
    const { owner } = opener
    const { register } = this.#desk
    let mine: string | undefined
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const found = await register.findOpen(owner, request.identity)
      if (found === undefined) {
        const duplicates = request.unlessDone === true ? await findDuplicates(this.#desk, owner, request) : []
        if (duplicates.length > 0) return { duplicates }
        const made = await this.#quota.within(opener, request.size, () =>
          register.insert(this.#newRow(opener, request)),
        )
        mine = made?.id ?? mine
        const opened = made && (await this.#begin(made, true))
        if (opened !== undefined) return opened
      } else if (this.#fits(found, request)) {
        const opened = await this.#resume(found)
        // Another server may have been faster with the fragment of the row that this call made.
        if (opened !== undefined) return { ...opened, created: found.id === mine }
      } else {
        await endUpload(this.#desk, found, 'replaced')
      }
    }
    throw new Problem(
      'too-many-requests',
      'This file is being opened and ended by others all the time. Try again in a moment.',
      { retryAfter: 1 },
    )
  }

  /** Row first, store second: so two opens can never make two uploads, and a stop in between can be repaired. */
  #newRow({ owner, address }: Opener, request: OpenRequest): UploadRow {
    const { store, limits } = this.#desk
    const { objectChecksum, partChecksum } = store.capabilities
    const now = this.#desk.now()
    const single = request.md5 !== undefined && request.size <= largestSinglePut
    const plan = planParts(request.size, store.capabilities, request.partSize)
    return {
      id: randomId(),
      owner,
      address,
      identity: request.identity,
      md5: single ? (request.md5 ?? null) : null,
      name: request.name,
      size: request.size,
      type: request.type,
      key: newObjectKey(limits.keyPrefix, request.name, new Date(now)),
      uploadId: null,
      mode: single ? 'single' : 'multipart',
      ...plan,
      ...(single && { partCount: 1, tailAfter: null }),
      state: 'open',
      failure: null,
      crc64Type: objectChecksum ?? partChecksum ?? 'crc64ecma',
      claimedCrc64: null,
      claimedEtags: null,
      cleanupAt: null,
      createdAt: now,
      updatedAt: now,
      expiresAt: expiryFrom(now, limits),
      finishedAt: null,
      url: null,
      crc64: null,
      etag: null,
    }
  }

  #fits(found: UploadRow, request: OpenRequest): boolean {
    if (found.size !== request.size) return false
    return found.mode === 'multipart' || found.md5 === request.md5
  }

  /** `undefined`: another step came in between; look again. */
  async #begin(row: UploadRow, created: boolean): Promise<FoundUpload | undefined> {
    if (row.mode === 'single') return this.#answer(row, [], created)
    const fragment = created ? startFragment(this.#desk, row) : repairFragment(this.#desk, row)
    const [upload] = await Promise.all([fragment, this.#desk.access.prepare(row)])
    if (upload === undefined) return undefined
    return this.#answer(upload, created ? [] : await this.#partsOf(upload), created)
  }

  async #partsOf({ key, uploadId }: UploadRow): Promise<readonly StoredPart[]> {
    return uploadId === null ? [] : ((await listPartsOrNull(this.#desk.store, key, uploadId)) ?? [])
  }

  async #resume(row: UploadRow): Promise<FoundUpload | undefined> {
    if (row.state === 'completing') return this.#resumeCompleting(row)
    if (row.mode === 'single') return this.#resumeSingle(row)
    if (row.uploadId === null) return this.#begin(row, false)
    const [parts, touched] = await Promise.all([
      listPartsOrNull(this.#desk.store, row.key, row.uploadId),
      this.touch(row),
      this.#desk.access.prepare(row),
    ])
    if (touched === undefined) return undefined
    if (parts !== null) return this.#answer(touched, parts, false)
    // The store lost it, unless it was completed and nobody heard: then the object is there, but nothing was
    // claimed that it could be compared with, so it counts for nothing.
    if ((await this.#desk.store.headObject(row.key)) === null) return this.#begin(row, false)
    await endUpload(this.#desk, row, 'replaced')
    return undefined
  }

  /** Its complete was under way when it was last heard of: that goes on, and the caller hears how it stands. */
  async #resumeCompleting(row: UploadRow): Promise<FoundUpload | undefined> {
    const upload = await this.#completions.resume(row)
    if (upload.state !== 'completing' && upload.state !== 'done') return undefined
    return this.#answer(upload, [], false)
  }

  /** The PUT may have arrived and only the complete be missing. The store took no other bytes than the MD5's. */
  async #resumeSingle(row: UploadRow): Promise<FoundUpload | undefined> {
    const [object, touched] = await Promise.all([this.#desk.store.headObject(row.key), this.touch(row)])
    if (touched === undefined) return undefined
    if (object === null) return this.#answer(touched, [], false)
    const upload = await this.#completions.resume(row)
    return upload.state === 'done' ? this.#answer(upload, [], false) : undefined
  }

  /** A sign of life: the upload's time begins anew. `undefined` when it is not open any more. */
  async touch(row: UploadRow): Promise<UploadRow | undefined> {
    const { register, limits } = this.#desk
    const now = this.#desk.now()
    return register.move(row.id, ['open'], { updatedAt: now, expiresAt: expiryFrom(now, limits) })
  }

  #answer(row: UploadRow, parts: readonly StoredPart[], created: boolean): FoundUpload {
    const tailPartSize = row.state === 'open' ? tailPartSizeIn(row, row.size, parts) : row.tailPartSize
    return { upload: { ...row, tailPartSize }, created, parts }
  }
}
