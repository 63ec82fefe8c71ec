import { rangeOf } from '@carryon/protocol'
import type { CompleteRequest, PartPlan, RegisteredUpload } from '@carryon/protocol'
import type { Fingerprint } from '../content/fingerprint.js'
import type { ProgressMeter } from '../core/progress.js'
import type { RememberedUpload } from '../ports.js'
import type { PartLayout } from '../transfer/part-layout.js'
import type { UploadedPart } from '../transfer/uploaded-part.js'
import type { Verification } from '../upload-types.js'
import type { DuplicateChecker } from './duplicate-check.js'

/** What the runs of one upload have achieved. It outlives pauses and reopening; the next run continues from it. */
export class RunState {
  /** Fingerprint of the file as it was read; `null` before that, and after the file has changed. */
  fingerprint: Fingerprint | null = null
  /** The upload of an earlier state of the file that this one continues. */
  earlier: Pick<RememberedUpload, 'id' | 'identity'> | null = null
  /** Runs the duplicate check; `null` if it was not requested, or not started yet. */
  duplicates: DuplicateChecker | null = null
  /** An open request was sent and not answered: the server may hold an upload that is unknown here. */
  isUnanswered = false
  /** The upload as it was opened last; `null` before. */
  upload: RegisteredUpload | null = null
  /** Part layout of {@link upload}. */
  layout: PartLayout | null = null
  /** Stored and verified parts, by part number. */
  readonly uploaded = new Map<number, UploadedPart>()
  /** How {@link uploaded} and the object were verified. */
  readonly verifiedBy = new Set<Verification>()
  /** Set before the complete request is sent: from then on only the server knows whether the upload is done. */
  completeRequest: CompleteRequest | null = null
  /** Bytes that earlier runs, pages or machines had stored. */
  resumedBytes = 0
  readonly #meter: ProgressMeter

  constructor(meter: ProgressMeter) {
    this.#meter = meter
  }

  /**
   * The upload was opened. What was achieved before counts if it is the same upload, for parts with unchanged ranges.
   *
   * @param layoutAfter returns the new layout, given the earlier one
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

  /** The store does not hold these parts after all, so the upload is not complete either. */
  lost(partNumbers: Iterable<number>): void {
    this.completeRequest = null
    for (const partNumber of partNumbers) {
      this.#meter.lost(this.uploaded.get(partNumber)?.size ?? 0)
      this.uploaded.delete(partNumber)
    }
  }

  /** The file has changed: drops everything that was verified against it. */
  forget(): void {
    this.fingerprint = null
    this.duplicates?.forget()
    this.forgetParts()
  }

  /** Drops all parts. */
  forgetParts(): void {
    this.lost([...this.uploaded.keys()])
    this.verifiedBy.clear()
    this.resumedBytes = 0
  }

  /** Uploaded parts whose byte ranges differ between the two plans. */
  #cutOtherwise(one: PartPlan, other: PartPlan): readonly number[] {
    return [...this.uploaded.keys()].filter((partNumber) => {
      const [before, after] = [rangeOf(one, partNumber), rangeOf(other, partNumber)]
      return before.start !== after.start || before.end !== after.end
    })
  }
}
