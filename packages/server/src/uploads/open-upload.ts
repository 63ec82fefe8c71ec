import type { StoredPart } from '@carryon/object-store'
import type { AccessGrant, OpenBody } from '@carryon/protocol'
import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import type { UploadCompleter } from './complete-upload.js'
import { type Duplicate, findDuplicates } from './duplicates.js'
import { continueUpload } from './continue-upload.js'
import { newRow } from './new-row.js'
import { recoverMultipart, startMultipart } from './start-multipart.js'
import { checkFile, limitsWithin, statedBounds } from '../limits/owner-limits.js'
import { listPartsOrNull } from './complete-multipart.js'
import { courseAtResume } from './found-parts.js'
import { KeyedQueue } from './keyed-queue.js'
import { decideOpen, type ObjectPlan } from './decide-open.js'
import { separateFingerprint } from './separate-fingerprint.js'
import type { Caller, OpenQuota } from './open-quota.js'
import { missingPartNumbers } from '../parts/part-check.js'
import { keyTaken } from './upload-problems.js'
import { openPlan } from '../parts/part-plan.js'
import { endUpload } from './end-upload.js'
import { SingleFlight } from './single-flight.js'
import { expiryFrom, type UploadServices } from './upload-services.js'

/** A validated open request; `type` is always present and may be empty. */
export interface OpenRequest extends OpenBody {
  readonly type: string
}

export interface OpenedUpload extends FoundUpload {
  readonly access: AccessGrant
}

/** The one open upload, without an access grant. */
interface FoundUpload {
  readonly upload: UploadRow
  readonly created: boolean
  readonly parts: readonly StoredPart[]
}

/** Duplicates were found instead of opening an upload. */
export interface FoundDuplicates {
  /** At least one. */
  readonly duplicates: readonly Duplicate[]
}

type NameAndType = Pick<UploadRow, 'name' | 'type'>

/** Number of signed part URLs in the answer to an open; the client requests more later. */
export const urlsAtOpen = 100
/** Attempts of one open, which starts again if another server or tab changed the upload in between. */
const attempts = 8

/** Finds or creates the one open upload of an owner and a fingerprint. */
export class UploadOpener {
  readonly #services: UploadServices
  readonly #uploadCompleter: UploadCompleter
  readonly #quota: OpenQuota
  readonly #flights = new SingleFlight<FoundUpload | FoundDuplicates>()
  readonly #queue = new KeyedQueue()

  constructor(services: UploadServices, uploadCompleter: UploadCompleter, quota: OpenQuota) {
    this.#services = services
    this.#uploadCompleter = uploadCompleter
    this.#quota = quota
  }

  async open(caller: Caller, request: OpenRequest): Promise<OpenedUpload | FoundDuplicates> {
    const { owner } = caller
    const { maxBytes, ownerLimits } = this.#services.limits
    if (request.size > maxBytes) {
      throw new Problem(
        'too-large',
        `The file has ${request.size} bytes, and at most ${maxBytes} are allowed. Split it into smaller files. If the store accepts larger ones, the administrator can raise UPLOAD_MAX_BYTES.`,
        {
          maxBytes,
        },
      )
    }
    checkFile(limitsWithin(ownerLimits, caller.limits), request)
    const {
      identity,
      name,
      type,
      size,
      md5 = null,
      unlessDone = false,
      separate = false,
      continues,
    } = request
    const { metadata, path } = request
    const same = JSON.stringify([
      ...[owner, caller.context, caller.limits],
      ...[identity, name, type, size, md5, unlessDone, separate, continues, metadata, path],
    ])
    // Opens of one fingerprint run one after another, so that the next finds the upload that an earlier one created.
    const { result, joined } = this.#flights.run(same, () =>
      this.#queue.run(JSON.stringify([owner, identity]), () => this.#open(caller, request)),
    )
    const opened = await result
    if ('duplicates' in opened) return opened
    const { upload, parts } = opened
    const created = opened.created && !joined
    this.#services.count({ kind: 'opened', mode: upload.mode, found: !created })
    const wanted = missingPartNumbers(upload.partCount, parts, urlsAtOpen)
    const { forms: byForm = false, urls: byUrls = false } = request
    const access = await this.#services.access.grant(upload, wanted, { byForm, byUrls })
    return { upload, parts, created, access }
  }

  async #open(caller: Caller, request: OpenRequest): Promise<FoundUpload | FoundDuplicates> {
    const { owner } = caller
    const { repository } = this.#services
    let insertedId: string | undefined
    const separateIdentity = separateFingerprint(request)
    const identities = request.separate === true ? [separateIdentity] : [separateIdentity, request.identity]
    const bounds = statedBounds(this.#services.limits.statedLimits, caller.limits)
    let planned: Promise<ObjectPlan> | undefined
    // The application is asked once, however many attempts this takes.
    const plan = () => (planned ??= decideOpen(this.#services, caller, request))
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const open = await repository.findOpenAmong(owner, identities)
      const fitting = open.filter((row) => this.#fits(row, request))
      const found = fitting.find(({ identity }) => identity === separateIdentity) ?? fitting[0]
      if (found === undefined) {
        const continued =
          attempt === 0 ? await continueUpload(this.#services, this.#quota, caller, request) : undefined
        if (continued !== undefined) {
          const opened = await this.#resume(continued)
          if (opened !== undefined) return opened
        }
        const duplicates =
          request.unlessDone === true ? await findDuplicates(this.#services, owner, request) : []
        if (duplicates.length > 0) return { duplicates }
        // If an open upload of another file has the fingerprint, leave it alone and use a separate fingerprint.
        const identity = request.separate === true || open.length > 0 ? separateIdentity : request.identity
        const added = { open: 1, bytes: request.size, size: request.size }
        // Call the hook only within the quota, and count the usage again afterwards: the hook may have taken long, and
        // other servers may have opened uploads meanwhile.
        const asksOthers = this.#services.hooks.onOpen !== undefined
        const object = await (asksOthers ? this.#quota.within(caller, added, plan) : plan())
        const made = await this.#quota.within(caller, added, async () => {
          // The key may belong to the same file, just opened by another server: look again.
          if (object.exactKey && (await this.#isTaken(object.key))) {
            if (attempt === 0) return undefined
            throw keyTaken()
          }
          // Insert the row before calling the store: two opens then never create two uploads, and a crash in between can
          // be repaired.
          const row = newRow(this.#services, caller, { ...request, identity }, object)
          // Other servers may have used up the quota at the same moment: then the next attempt counts again and refuses.
          return repository.insertWithin(row, bounds)
        })
        insertedId = made?.id ?? insertedId
        const opened = made && (await this.#begin(made, true))
        if (opened !== undefined) return opened
      } else {
        const opened = await this.#resume(found, request)
        // Another server may have started the multipart upload for the row that this call inserted.
        if (opened !== undefined) return { ...opened, created: found.id === insertedId }
      }
    }
    throw new Problem(
      'too-many-requests',
      'Other requests keep opening and ending uploads of this file. Try again in a moment.',
      { retryAfter: 1 },
    )
  }

  /**
   * Whether a key was ever used here, or holds a foreign object. Such a key is refused because an ending upload removes
   * everything under its key, sometimes later.
   */
  async #isTaken(key: string): Promise<boolean> {
    const { repository, store } = this.#services
    return (await repository.findByKeys([key])).length > 0 || (await store.headObject(key)) !== null
  }

  #fits(found: UploadRow, request: OpenRequest): boolean {
    if (found.size !== request.size) return false
    return found.mode === 'multipart' || found.md5 === request.md5
  }

  /** `undefined`: the row was changed in between; look again. */
  async #begin(row: UploadRow, created: boolean): Promise<FoundUpload | undefined> {
    if (row.mode === 'single') return this.#answer(row, [], created)
    const multipart = created ? startMultipart(this.#services, row) : recoverMultipart(this.#services, row)
    const [upload] = await Promise.all([multipart, this.#services.access.prepare(row)])
    if (upload === undefined) return undefined
    return this.#answer(upload, created ? [] : await this.#partsOf(upload), created)
  }

  async #partsOf({ key, uploadId }: UploadRow): Promise<readonly StoredPart[]> {
    return uploadId === null ? [] : ((await listPartsOrNull(this.#services.store, key, uploadId)) ?? [])
  }

  async #resume(row: UploadRow, nameAndType: NameAndType = row): Promise<FoundUpload | undefined> {
    if (row.state === 'completing') return this.#resumeCompleting(row)
    if (row.mode === 'single') return this.#resumeSingle(row, nameAndType)
    if (row.uploadId === null) return this.#begin(row, false)
    const [parts, touched] = await Promise.all([
      listPartsOrNull(this.#services.store, row.key, row.uploadId),
      this.touch(row),
      this.#services.access.prepare(row),
    ])
    if (touched === undefined) return undefined
    if (parts !== null) {
      const found = parts.length === 0 ? touched : await this.#noteFound(touched, parts)
      return found && this.#answer(found, parts, false)
    }
    // Either the store lost the multipart upload, or it was completed and the response was lost. In the second case there
    // is an object but no complete request to verify it with, so it is not used.
    if ((await this.#services.store.headObject(row.key)) === null) return this.#begin(row, false)
    await endUpload(this.#services, row, 'replaced')
    return undefined
  }

  /** Records what a resume found, for the receipt. `undefined` if the upload is no longer open. */
  async #noteFound(row: UploadRow, parts: readonly StoredPart[]): Promise<UploadRow | undefined> {
    return this.#services.repository.transition(row, ['open'], courseAtResume(row, parts))
  }

  /** Resumes an interrupted completion and returns the upload in its resulting state. */
  async #resumeCompleting(row: UploadRow): Promise<FoundUpload | undefined> {
    const upload = await this.#uploadCompleter.resumeAndTell(row)
    if (upload.state !== 'completing' && upload.state !== 'done') return undefined
    return this.#answer(upload, [], false)
  }

  /**
   * Resumes a single upload whose PUT may have arrived without a complete. The store accepted only bytes with the signed
   * MD5, so the content is the same; the upload gets the file's current name.
   */
  async #resumeSingle(row: UploadRow, { name, type }: NameAndType): Promise<FoundUpload | undefined> {
    const touch = this.touch(row, { name, type })
    const [object, touched] = await Promise.all([this.#services.store.headObject(row.key), touch])
    if (touched === undefined) return undefined
    if (object === null) return this.#answer(touched, [], false)
    const upload = await this.#uploadCompleter.resumeAndTell(touched)
    return upload.state === 'done' ? this.#answer(upload, [], false) : undefined
  }

  /** Postpones the upload's expiry. `undefined` if it is no longer open. */
  async touch(row: UploadRow, nameAndType?: NameAndType): Promise<UploadRow | undefined> {
    const { repository, limits } = this.#services
    const now = this.#services.now()
    return repository.transition(row, ['open'], {
      ...nameAndType,
      updatedAt: now,
      expiresAt: expiryFrom(now, limits),
    })
  }

  #answer(row: UploadRow, parts: readonly StoredPart[], created: boolean): FoundUpload {
    if (row.state !== 'open' || row.grows === 0) return { upload: row, created, parts }
    const { runs, partCount } = openPlan(row, parts)
    return { upload: { ...row, partCount, partRuns: JSON.stringify(runs) }, created, parts }
  }
}
