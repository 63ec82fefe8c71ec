import type { CompleteClaim } from '@carryon/protocol'
import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import {
  checkClaim,
  digestOfEtags,
  isOfDone,
  isSameClaim,
  noClaim,
  recordedClaim,
  type RecordedClaim,
} from './claim.js'
import { checksumsOf } from './checksums.js'
import { joinParts, listPartsOrNull } from './join-parts.js'
import { isOversize } from '../parts/largest-part.js'
import { findPartMismatches } from '../parts/part-check.js'
import { openPlan, planOf } from '../parts/part-plan.js'
import { alreadyEnded, notFound, oversize } from './refusals.js'
import { SingleFlight } from './single-flight.js'
import type { UploadServices } from './upload-services.js'
import { endUpload } from './removal.js'
import { checksumMismatch, endedByAnother, settleObject } from './verify-object.js'

export interface CompletionOptions {
  /** Milliseconds that a complete call waits for the store; then it goes on in the background. */
  readonly wait: number
}

/**
 * Milliseconds for which a multipart upload that is gone while no object has appeared counts as still being
 * joined. Tencent's store took about five minutes for 34 GB in 6 MiB parts.
 */
const joinPatience = 30 * 60_000

/** Turns uploaded parts into a checked object, once, whoever asks how often. */
export class Completions {
  readonly #services: UploadServices
  readonly #wait: number
  readonly #flights = new SingleFlight<UploadRow>()
  readonly #claims = new Map<string, RecordedClaim>()

  constructor(services: UploadServices, options: CompletionOptions) {
    this.#services = services
    this.#wait = options.wait
  }

  /** Resolves with the upload in state `done`, or `completing` when the store needs longer. */
  async complete(owner: string, id: string, claim: CompleteClaim): Promise<UploadRow> {
    for (;;) {
      const row = await this.#services.repository.find(owner, id)
      if (row === undefined) throw notFound()
      if (row.state === 'done') return this.#sameAsDone(row, claim)
      if (row.state === 'cancelled' || row.state === 'failed') throw alreadyEnded(row)
      const recorded = await this.#check(row, claim)
      if (!this.#runsOther(row, recorded)) {
        const ended = await this.#outcome(row, this.#run(row, recorded))
        if (ended.state === 'cancelled' || ended.state === 'failed') throw alreadyEnded(ended)
        if (ended.identity !== row.identity || ended.size !== row.size) throw continuedByAnother()
        // Open: whoever this call joined had read the row before it became what this call is about.
        if (ended.state !== 'open') return ended
        continue
      }
      // Another claim came first, and an upload is completed by one claim at a time.
      const stands = await this.resume(row)
      if (stands.state === 'completing') return stands
    }
  }

  /**
   * Takes up again what was begun with a claim that is on record, or a single PUT that nobody completed. Resolves
   * with the row as it then stands; rejects only when the store or the database fails.
   */
  async resume(row: UploadRow): Promise<UploadRow> {
    const running = this.#flights.get(row.id) ?? this.#run(row, recordedClaim(row))
    try {
      return await this.#outcome(row, running)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return (await this.#services.repository.get(row.id)) ?? row
    }
  }

  isRunning(id: string): boolean {
    return this.#flights.get(id) !== undefined
  }

  /** Resolves once everything under way has ended. */
  async settled(): Promise<void> {
    await this.#flights.settled()
  }

  async #check(row: UploadRow, claim: CompleteClaim): Promise<RecordedClaim> {
    return checkClaim(row, claim, checksumsOf(this.#services, row).object !== null)
  }

  /** A repeated call with the claim that was accepted gets the same answer; other content is another upload. */
  #sameAsDone(row: UploadRow, claim: CompleteClaim): UploadRow {
    if (isOfDone(row, claim)) return row
    throw new Problem('upload-gone', 'This upload was finished with other content. Open a new one.')
  }

  #runsOther(row: UploadRow, claim: RecordedClaim): boolean {
    const running = this.#claims.get(row.id)
    if (running !== undefined) return !isSameClaim(running, claim)
    return row.state === 'completing' && !isSameClaim(recordedClaim(row), claim)
  }

  #run(row: UploadRow, claim: RecordedClaim): Promise<UploadRow> {
    const { result, joined } = this.#flights.run(row.id, () => this.#finish(row, claim))
    if (!joined) {
      this.#claims.set(row.id, claim)
      const forget = () => this.#claims.delete(row.id)
      result.then(forget, forget)
    }
    return result
  }

  /** The flight's end, or `completing` when it takes too long; then it flies on and only the log hears of its end. */
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

  async #finish(row: UploadRow, claim: RecordedClaim): Promise<UploadRow> {
    if (row.mode === 'single') return this.#finishSingle(row, claim)
    const { repository, store } = this.#services
    const parts = row.uploadId === null ? [] : await listPartsOrNull(store, row.key, row.uploadId)
    if (parts === null) return this.#finishWithoutParts(row, claim)

    if (isOversize(row, parts)) {
      const ended = await endUpload(this.#services, row, 'oversize')
      if (ended !== undefined) throw oversize()
      return endedByAnother(this.#services, row)
    }
    const plan = planOf(row, claim.partRuns)
    const wrong = findPartMismatches(plan, parts, claim.etags)
    const etags = parts.map((part) => part.etag)
    const onlyDigest = claim.etags === null && claim.etagsDigest !== null
    const differs = onlyDigest && claim.etagsDigest !== digestOfEtags(etags)
    if (wrong.length > 0 || differs) {
      await this.#reopen(row)
      throw partsMismatch(wrong)
    }
    const completing = await repository.transition(row, ['open', 'completing'], {
      state: 'completing',
      claimedCrc64: claim.crc64,
      claimedEtags: claim.etagsDigest,
      partCount: plan.partCount,
      partRuns: claim.partRuns === null ? null : JSON.stringify(claim.partRuns),
      name: claim.name,
      type: claim.type,
      ...(row.state === 'open' && { updatedAt: this.#services.now() }),
    })
    if (completing === undefined) return (await repository.get(row.id)) ?? row
    return this.#join(completing, claim, etags, row)
  }

  /** @param before the row without the claim, as far as that is known */
  async #join(
    row: UploadRow,
    claim: RecordedClaim,
    etags: readonly string[],
    before: UploadRow,
  ): Promise<UploadRow> {
    const joined = await joinParts(this.#services, row, etags)
    switch (joined.kind) {
      case 'object':
        return settleObject(this.#services, row, claim, joined.object, digestOfEtags(etags))
      case 'absent':
        return this.#finishWithoutParts(row, claim)
      case 'differs': {
        const failed = await endUpload(this.#services, row, 'checksum-mismatch')
        if (failed !== undefined) throw checksumMismatch()
        return endedByAnother(this.#services, row)
      }
      case 'refused': {
        const { store } = this.#services
        await this.#reopen(before)
        if (!joined.partsDiffer) throw joined.error
        const parts = row.uploadId === null ? [] : await listPartsOrNull(store, row.key, row.uploadId)
        throw partsMismatch(findPartMismatches(planOf(row, claim.partRuns), parts ?? [], etags))
      }
    }
  }

  /** Gives up a claim: the row is open as before it, but for name and type where only the claim's are known any more. */
  async #reopen(row: UploadRow): Promise<void> {
    await this.#services.repository.transition(row, ['completing'], {
      state: 'open',
      updatedAt: this.#services.now(),
      name: row.name,
      type: row.type,
      partCount: openPlan(row, []).partCount,
      ...noClaim,
    })
  }

  async #finishSingle(row: UploadRow, claim: RecordedClaim): Promise<UploadRow> {
    const object = await this.#services.store.headObject(row.key)
    if (object === null) throw partsMismatch([1])
    return settleObject(this.#services, row, claim, object)
  }

  /** The store does not know the multipart upload: it became the object, it is becoming it, or it is lost. */
  async #finishWithoutParts(row: UploadRow, claim: RecordedClaim): Promise<UploadRow> {
    const object = await this.#services.store.headObject(row.key)
    if (object !== null) return settleObject(this.#services, row, claim, object)
    if (row.state === 'completing') {
      if (this.#services.now() - row.updatedAt < joinPatience) return row
      await this.#reopen(row)
    }
    throw new Problem('upload-gone', 'The store lost the parts of this upload. Open it anew.')
  }
}

function continuedByAnother(): Problem {
  return new Problem(
    'upload-gone',
    'This upload has become that of another state of its file. Open a new one.',
  )
}

function partsMismatch(partNumbers: readonly number[]): Problem {
  return new Problem(
    'parts-mismatch',
    'Parts are missing in the store or differ from the claim. Send them again and complete again; the upload stays open.',
    { partNumbers },
  )
}
