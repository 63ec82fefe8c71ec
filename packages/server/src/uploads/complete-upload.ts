import type { CompleteRequest } from '@carryon/protocol'
import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import {
  checkCompleteRequest,
  digestOfEtags,
  matchesDoneUpload,
  isSameContent,
  noCompleteRequest,
  recordedRequest,
  type RecordedRequest,
} from './complete-request.js'
import { checksumsOf } from './checksums.js'
import { courseAtComplete, courseAtResume } from './found-parts.js'
import { completeMultipart, listPartsOrNull } from './complete-multipart.js'
import { isOversize } from '../parts/largest-part.js'
import { findPartMismatches } from '../parts/part-check.js'
import { openPlan, planOf } from '../parts/part-plan.js'
import { alreadyEnded, notFound, oversize } from './upload-problems.js'
import { checkFile, limitsWithin } from '../limits/owner-limits.js'
import { type Caller, noRoomLeft } from './open-quota.js'
import type { Deliveries } from './deliveries.js'
import { SingleFlight } from './single-flight.js'
import type { UploadServices } from './upload-services.js'
import { endUpload } from './end-upload.js'
import { checksumMismatch, resolveConflict, verifyObject } from './verify-object.js'

export interface CompletionOptions {
  /** Milliseconds that a complete call waits for the store; then it continues in the background. */
  readonly wait: number
}

/**
 * Milliseconds for which a multipart upload that has disappeared, without an object having appeared, counts as still
 * being joined. COS took about five minutes for 34 GB in 6 MiB parts.
 */
const joinTimeout = 30 * 60_000

/** Completes uploads: turns uploaded parts into a verified object, once, however often it is called. */
export class UploadCompleter {
  readonly #services: UploadServices
  readonly #wait: number
  readonly #deliveries: Deliveries
  readonly #flights = new SingleFlight<UploadRow>()
  readonly #requests = new Map<string, RecordedRequest>()

  constructor(services: UploadServices, deliveries: Deliveries, options: CompletionOptions) {
    this.#services = services
    this.#deliveries = deliveries
    this.#wait = options.wait
  }

  /**
   * Resolves with the upload in state `done`, or `completing` if the store needs longer. Waits for `onDone` for at most the
   * hook timeout.
   *
   * @throws Problem `forbidden` with the sentence of `onDone`, if that refuses.
   */
  async complete(caller: Caller, id: string, request: CompleteRequest): Promise<UploadRow> {
    const row = await this.#deliveries.settle(await this.#complete(caller, id, request))
    if (row.state === 'failed') throw alreadyEnded(row)
    return row
  }

  async #complete(caller: Caller, id: string, request: CompleteRequest): Promise<UploadRow> {
    for (;;) {
      const row = await this.#services.repository.find(caller.owner, id)
      if (row === undefined) throw notFound()
      if (row.state === 'done') return this.#sameAsDone(row, request)
      if (row.state === 'cancelled' || row.state === 'failed') throw alreadyEnded(row)
      if (row.state === 'open') await this.#checkLimits(caller, row, request)
      const recorded = await this.#check(row, request)
      if (!this.#isRunningOther(row, recorded)) {
        const ended = await this.#outcome(row, this.#run(row, recorded))
        if (ended.state === 'cancelled' || ended.state === 'failed') throw alreadyEnded(ended)
        if (ended.identity !== row.identity || ended.size !== row.size) throw continuedForOtherVersion()
        // State `open`: this call joined a run that had read the row before the upload was continued for this file.
        if (ended.state !== 'open') return ended
        continue
      }
      // Only one complete request per upload runs at a time, and another one came first.
      const current = await this.resume(row)
      if (current.state === 'completing') return current
    }
  }

  /**
   * Resumes the recorded complete request, or completes a single PUT that no client completed. Resolves with the current
   * row; rejects only when the store or the database fails.
   */
  async resume(row: UploadRow): Promise<UploadRow> {
    const running = this.#flights.get(row.id) ?? this.#run(row, recordedRequest(row))
    try {
      return await this.#outcome(row, running)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return (await this.#services.repository.get(row.id)) ?? row
    }
  }

  /** Like `resume`, and then runs or waits for `onDone` if the upload is done. */
  async resumeAndTell(row: UploadRow): Promise<UploadRow> {
    return this.#deliveries.settle(await this.resume(row))
  }

  isRunning(id: string): boolean {
    return this.#flights.get(id) !== undefined
  }

  /** Resolves once all running completions have ended. */
  async settled(): Promise<void> {
    await this.#flights.settled()
  }

  async #check(row: UploadRow, request: CompleteRequest): Promise<RecordedRequest> {
    return checkCompleteRequest(row, request, checksumsOf(this.#services, row).object !== null)
  }

  /** Limits, name and type may have changed since the open. A refused upload stays open. */
  async #checkLimits({ owner, limits }: Caller, row: UploadRow, request: CompleteRequest): Promise<void> {
    const effective = limitsWithin(this.#services.limits.ownerLimits, limits)
    const { size } = row
    checkFile(effective, { size, name: request.name ?? row.name, type: request.type ?? row.type })
    const { totalBytes } = effective
    if (totalBytes === Infinity) return
    const { done } = await this.#services.repository.usage.bytesOfOwner(owner)
    if (done + size > totalBytes) throw noRoomLeft(totalBytes, done, size)
  }

  /** A repeated request gets the same answer; a request with other content is refused. */
  #sameAsDone(row: UploadRow, request: CompleteRequest): UploadRow {
    if (matchesDoneUpload(row, request)) return row
    throw new Problem('upload-gone', 'This upload was finished with other content. Open a new one.')
  }

  #isRunningOther(row: UploadRow, request: RecordedRequest): boolean {
    const running = this.#requests.get(row.id)
    if (running !== undefined) return !isSameContent(running, request)
    return row.state === 'completing' && !isSameContent(recordedRequest(row), request)
  }

  #run(row: UploadRow, request: RecordedRequest): Promise<UploadRow> {
    const { result, joined } = this.#flights.run(row.id, () => this.#finish(row, request))
    if (!joined) {
      this.#requests.set(row.id, request)
      const forget = () => this.#requests.delete(row.id)
      result.then(forget, forget)
    }
    return result
  }

  /** The result, or the row as `completing` after `wait`: the run then continues in the background and logs a failure. */
  async #outcome(row: UploadRow, flight: Promise<UploadRow>): Promise<UploadRow> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), this.#wait)
    })
    try {
      const first = await Promise.race([flight, late])
      if (first !== 'late') return first
      flight.catch((error: unknown) => this.#services.report('completing in the background', error))
      return { ...((await this.#services.repository.get(row.id)) ?? row), state: 'completing' }
    } finally {
      clearTimeout(timer)
    }
  }

  async #finish(row: UploadRow, request: RecordedRequest): Promise<UploadRow> {
    if (row.mode === 'single') return this.#finishSingle(row, request)
    const { repository, store } = this.#services
    const parts = row.uploadId === null ? [] : await listPartsOrNull(store, row.key, row.uploadId)
    if (parts === null) return this.#finishWithoutParts(row, request)

    if (isOversize(row, parts)) {
      const ended = await endUpload(this.#services, row, 'oversize')
      if (ended !== undefined) throw oversize()
      return resolveConflict(this.#services, row)
    }
    const plan = planOf(row, request.partRuns)
    const wrong = findPartMismatches(plan, parts, request.etags)
    const etags = parts.map((part) => part.etag)
    const onlyDigest = request.etags === null && request.etagsDigest !== null
    const differs = onlyDigest && request.etagsDigest !== digestOfEtags(etags)
    if (wrong.length > 0 || differs) {
      await this.#reopen(row)
      // The client will send the differing parts again: record which parts are stored now.
      await repository.transition(row, ['open'], {
        ...courseAtResume(row, parts),
        resumedBytes: row.resumedBytes,
      })
      throw partsMismatch(wrong)
    }
    const completing = await repository.transition(row, ['open', 'completing'], {
      state: 'completing',
      claimedCrc64: request.crc64,
      claimedEtags: request.etagsDigest,
      partCount: plan.partCount,
      partRuns: request.partRuns === null ? null : JSON.stringify(request.partRuns),
      name: request.name,
      type: request.type,
      ...courseAtComplete(row, parts),
      ...(row.state === 'open' && { updatedAt: this.#services.now() }),
    })
    if (completing === undefined) return (await repository.get(row.id)) ?? row
    return this.#join(completing, request, etags, row)
  }

  /** @param before the row without the complete request, if known */
  async #join(
    row: UploadRow,
    request: RecordedRequest,
    etags: readonly string[],
    before: UploadRow,
  ): Promise<UploadRow> {
    const joined = await completeMultipart(this.#services, row, etags)
    switch (joined.kind) {
      case 'object':
        return verifyObject(this.#services, row, request, joined.object, digestOfEtags(etags))
      case 'absent':
        return this.#finishWithoutParts(row, request)
      case 'differs': {
        const failed = await endUpload(this.#services, row, 'checksum-mismatch')
        if (failed !== undefined) throw checksumMismatch()
        return resolveConflict(this.#services, row)
      }
      case 'refused': {
        const { store } = this.#services
        await this.#reopen(before)
        if (!joined.partsDiffer) throw joined.error
        const parts = row.uploadId === null ? [] : await listPartsOrNull(store, row.key, row.uploadId)
        throw partsMismatch(findPartMismatches(planOf(row, request.partRuns), parts ?? [], etags))
      }
    }
  }

  /** Drops the complete request and reopens the row; its earlier name and type may be lost. */
  async #reopen(row: UploadRow): Promise<void> {
    await this.#services.repository.transition(row, ['completing'], {
      state: 'open',
      updatedAt: this.#services.now(),
      name: row.name,
      type: row.type,
      partCount: openPlan(row, []).partCount,
      ...noCompleteRequest,
    })
  }

  async #finishSingle(row: UploadRow, request: RecordedRequest): Promise<UploadRow> {
    const object = await this.#services.store.headObject(row.key)
    if (object === null) throw partsMismatch([1])
    return verifyObject(this.#services, row, request, object)
  }

  /** Handles a multipart upload that the store does not have: it was joined, is being joined, or is lost. */
  async #finishWithoutParts(row: UploadRow, request: RecordedRequest): Promise<UploadRow> {
    const object = await this.#services.store.headObject(row.key)
    if (object !== null) return verifyObject(this.#services, row, request, object)
    if (row.state === 'completing') {
      if (this.#services.now() - row.updatedAt < joinTimeout) return row
      await this.#reopen(row)
    }
    throw new Problem('upload-gone', 'The store lost the parts of this upload. Open a new one.')
  }
}

function continuedForOtherVersion(): Problem {
  return new Problem(
    'upload-gone',
    'This upload was continued for another version of its file. Open a new one.',
  )
}

function partsMismatch(partNumbers: readonly number[]): Problem {
  return new Problem(
    'parts-mismatch',
    'Parts are missing in the store or differ from the complete request. Send them again and complete again; the upload stays open.',
    { partNumbers },
  )
}
