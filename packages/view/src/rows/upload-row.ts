import type { Upload, UploadSnapshot } from '@carryon/client'
import { Subscribable, type Store } from '../store.js'

/** Whether a cancel can still be taken back, is under way, or did not get through. */
export type Cancelling = 'no' | 'soon' | 'yes' | 'failed'

/** How a row stands. */
export interface RowSnapshot extends UploadSnapshot {
  /** What has become of a cancel. */
  readonly cancelling: Cancelling
  /** When this page saw it finish; `null` before. */
  readonly finishedAt: Date | null
}

/** One upload as a page shows it: its snapshot is that of the last frame. */
export class UploadRow extends Subscribable implements Store<RowSnapshot> {
  /** Unique in its list. */
  readonly key: number
  /** What it shows. */
  readonly upload: Upload
  /** Finished before the uploads of now began, so it does not count into their percent. */
  settled = false
  #shown: UploadSnapshot
  #cancelling: Cancelling = 'no'
  #finishedAt: Date | null
  /** Made when somebody reads it: of ten thousand rows few are ever drawn. */
  #snapshot: RowSnapshot | null = null

  /** @param now Unix milliseconds: when it finished, should it be done already */
  constructor(upload: Upload, key: number, now = Date.now()) {
    super()
    this.upload = upload
    this.key = key
    this.#shown = upload.snapshot
    this.#finishedAt = this.#shown.state === 'done' ? new Date(now) : null
  }

  get snapshot(): RowSnapshot {
    this.#snapshot ??= { ...this.#shown, cancelling: this.#cancelling, finishedAt: this.#finishedAt }
    return this.#snapshot
  }

  /** The upload's part of the snapshot, for who looks at all rows of a long list. */
  get shown(): UploadSnapshot {
    return this.#shown
  }

  /** Part of the snapshot. */
  get finishedAt(): Date | null {
    return this.#finishedAt
  }

  /** Part of the snapshot; whoever cancels sets it. */
  get cancelling(): Cancelling {
    return this.#cancelling
  }

  /** Shows what becomes of a cancel. */
  set cancelling(cancelling: Cancelling) {
    if (cancelling === this.#cancelling) return
    this.#cancelling = cancelling
    this.#changed()
  }

  /**
   * Shows how the upload stands now.
   *
   * @param now Unix milliseconds: when it finished, should it be done
   */
  follow(now: number): void {
    if (this.upload.snapshot === this.#shown) return
    this.#shown = this.upload.snapshot
    if (this.#shown.state === 'done') this.#finishedAt ??= new Date(now)
    this.#changed()
  }

  #changed(): void {
    this.#snapshot = null
    this.tell()
  }
}

/** Whether a cancel of everything is meant for it: what is about to be finished is not thrown away with the rest. */
export function isCancellable({ state }: Pick<UploadSnapshot, 'state'>, cancelling: Cancelling): boolean {
  return state !== 'done' && state !== 'finishing' && cancelling !== 'yes'
}
