import type { Upload, UploadSnapshot } from '@carryon/client'
import { Subscribable, type Store } from '../store.js'
import { PickedUpload } from './picked-upload.js'
import { isSameState } from './what-changed.js'

/** Whether a cancel can still be undone, is under way, or has failed. */
export type Cancelling = 'no' | 'soon' | 'yes' | 'failed'

/** State of a row. */
export interface RowSnapshot extends UploadSnapshot {
  /** State of a cancel. */
  readonly cancelling: Cancelling
  /** When this page saw it finish; `null` until then. */
  readonly finishedAt: Date | null
}

/** One upload as the page shows it, with the snapshot of the last frame. */
export class UploadRow extends Subscribable implements Store<RowSnapshot> {
  /** Unique in its list. */
  readonly key: number
  /** Whether it finished before the current uploads began, so that it does not count toward their percentage. */
  settled = false
  #upload: Upload
  #shown: UploadSnapshot
  /** The server's id as last seen; another tab may report it while nothing else changes. */
  #id: string | null
  #cancelling: Cancelling = 'no'
  #finishedAt: Date | null
  /** Created on first use, because few of ten thousand rows are ever drawn. */
  #snapshot: RowSnapshot | null = null

  /** @param now Unix milliseconds; taken as the finish time if it is already done */
  constructor(upload: Upload, key: number, now = Date.now()) {
    super()
    this.#upload = upload
    this.key = key
    this.#shown = upload.snapshot
    this.#id = upload.id
    this.#finishedAt = this.#shown.state === 'done' ? new Date(now) : null
  }

  /** Replaced when the upload begins, if the row existed before. */
  get upload(): Upload {
    return this.#upload
  }

  /** Whether its upload has begun; with many files picked at once, this is a moment later. */
  get hasBegun(): boolean {
    return !(this.#upload instanceof PickedUpload)
  }

  get snapshot(): RowSnapshot {
    this.#snapshot ??= { ...this.#shown, cancelling: this.#cancelling, finishedAt: this.#finishedAt }
    return this.#snapshot
  }

  /** The upload's part of the snapshot, for code that looks at all rows of a long list. */
  get shown(): UploadSnapshot {
    return this.#shown
  }

  /** Part of the snapshot. */
  get finishedAt(): Date | null {
    return this.#finishedAt
  }

  /** Part of the snapshot; set by the code that cancels. */
  get cancelling(): Cancelling {
    return this.#cancelling
  }

  /** Shows the state of a cancel. */
  set cancelling(cancelling: Cancelling) {
    if (cancelling === this.#cancelling) return
    this.#cancelling = cancelling
    this.#changed()
  }

  /** The upload of its file has begun and takes over what was requested of the row; {@link UploadRow.follow} shows it. */
  begin(upload: Upload): void {
    const picked = this.#upload
    this.#upload = upload
    if (picked instanceof PickedUpload) picked.began(upload)
  }

  /**
   * Shows the upload's current state.
   *
   * @param now Unix milliseconds; taken as the finish time if it is done
   * @returns the largest kind of change; a change of state may also change its place in a list
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

/** Whether "Cancel all" applies to it; uploads about to finish are kept. */
export function isCancellable({ state }: Pick<UploadSnapshot, 'state'>, cancelling: Cancelling): boolean {
  return state !== 'done' && state !== 'finishing' && cancelling !== 'yes'
}
