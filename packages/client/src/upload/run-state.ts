import { rangeOf } from '@carryon/protocol'
import type { CompleteRequest, PartPlan, RegisteredUpload } from '@carryon/protocol'
import type { Fingerprint } from '../content/fingerprint.js'
import type { ProgressMeter } from '../core/progress.js'
import type { RememberedUpload } from '../ports.js'
import type { PartLayout } from '../transfer/part-layout.js'
import type { UploadedPart } from '../transfer/uploaded-part.js'
import type { Verification } from '../upload-types.js'
import type { DuplicateChecker } from './duplicate-check.js'

/** What the runs of one upload have achieved. It outlives a pause and a new opening; the next run goes on from there. */
export class RunState {
  /** Of the file as it was read; `null` before, and once it has changed. */
  fingerprint: Fingerprint | null = null
  /** The upload of an earlier state of the file that this one goes on with. */
  earlier: Pick<RememberedUpload, 'id' | 'identity'> | null = null
  /** Compares with what is stored; `null` where nobody asked for that, or not yet. */
  duplicates: DuplicateChecker | null = null
  /** An open was asked and no answer has come: the server may hold an upload that nobody here knows. */
  isUnanswered = false
  /** Opened last; `null` before. */
  upload: RegisteredUpload | null = null
  /** How the file of {@link upload} is cut. */
  layout: PartLayout | null = null
  /** Parts that the store holds and that verified, by part number. */
  readonly uploaded = new Map<number, UploadedPart>()
  /** How what counts was verified. */
  readonly verifiedBy = new Set<Verification>()
  /** Set once complete was asked: only the server knows now whether it is done. */
  completeRequest: CompleteRequest | null = null
  /** Bytes that earlier runs, pages or machines had stored. */
  resumedBytes = 0
  readonly #meter: ProgressMeter

  constructor(meter: ProgressMeter) {
    this.#meter = meter
  }

  /**
   * An open has answered `upload`. What was achieved counts as far as it is the same one, cut the same way.
   *
   * @param layoutAfter how its file is cut, given how it was
   */
  opened(upload: RegisteredUpload, layoutAfter: (before: PartLayout | null) => PartLayout): PartLayout {
    const isOther = this.upload?.id !== upload.id || this.upload.uploadId !== upload.uploadId
    if (isOther) this.forgetParts()
    const before = isOther ? null : this.layout
    const layout = layoutAfter(before)
    if (before !== null && before !== layout) this.lost(this.#cutOtherwise(before.plan, layout.plan))
    this.layout = layout
    this.upload = upload
    return layout
  }

  /** The store does not hold these parts after all, and nothing is finished. */
  lost(partNumbers: Iterable<number>): void {
    this.completeRequest = null
    for (const partNumber of partNumbers) {
      this.#meter.lost(this.uploaded.get(partNumber)?.size ?? 0)
      this.uploaded.delete(partNumber)
    }
  }

  /** The file is not what it was: all that was verified against it says nothing any more. */
  forget(): void {
    this.fingerprint = null
    this.duplicates?.forget()
    this.forgetParts()
  }

  /** No part counts any more. */
  forgetParts(): void {
    this.lost([...this.uploaded.keys()])
    this.verifiedBy.clear()
    this.resumedBytes = 0
  }

  /** Acknowledged parts that are other bytes of the file in another plan. */
  #cutOtherwise(one: PartPlan, other: PartPlan): readonly number[] {
    return [...this.uploaded.keys()].filter((partNumber) => {
      const [before, after] = [rangeOf(one, partNumber), rangeOf(other, partNumber)]
      return before.start !== after.start || before.end !== after.end
    })
  }
}
