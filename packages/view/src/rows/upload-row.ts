import type { Upload, UploadSnapshot } from '@carryon/client'
import { Subscribable, type Store } from '../store.js'
import { PickedUpload } from './picked-upload.js'
import { isSameState } from './what-changed.js'

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
  /** Finished before the uploads of now began, so it does not count into their percent. */
  settled = false
  #upload: Upload
  #shown: UploadSnapshot
  /** The server's, as last seen: another tab may tell it while nothing else changes. */
  #id: string | null
  #cancelling: Cancelling = 'no'
  #finishedAt: Date | null
  /** Made when somebody reads it: of ten thousand rows few are ever drawn. */
  #snapshot: RowSnapshot | null = null

  /** @param now Unix milliseconds: when it finished, should it be done already */
  constructor(upload: Upload, key: number, now = Date.now()) {
    super()
    this.#upload = upload
    this.key = key
    this.#shown = upload.snapshot
    this.#id = upload.id
    this.#finishedAt = this.#shown.state === 'done' ? new Date(now) : null
  }

  /** Another one once it has begun, where the row was there before that. */
  get upload(): Upload {
    return this.#upload
  }

  /** Whether its upload has begun: of many files that are picked at once it does a moment later. */
  get hasBegun(): boolean {
    return !(this.#upload instanceof PickedUpload)
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

  /** The upload of its file has begun, and does what was asked of the row; {@link UploadRow.follow} shows it. */
  begin(upload: Upload): void {
    const picked = this.#upload
    this.#upload = upload
    if (picked instanceof PickedUpload) picked.began(upload)
  }

  /**
   * Shows how the upload stands now.
   *
   * @param now Unix milliseconds: when it finished, should it be done
   * @returns the most that has changed: with its state its place in a list may
   */
  follow(now: number): 'state' | 'id' | 'figures' {
    const before = this.#shown
    const { snapshot, id } = this.#upload
    if (snapshot !== before) {
      this.#shown = snapshot
      if (snapshot.state === 'done') this.#finishedAt ??= new Date(now)
      this.#changed()
    }
    const isNamed = id !== this.#id
    this.#id = id
    if (!isSameState(before, snapshot)) return 'state'
    return isNamed ? 'id' : 'figures'
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
