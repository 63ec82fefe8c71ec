import type { Upload, UploadSnapshot } from '@carryon/client'
import { ValueStore, type Store } from '../store.js'

/** Whether a cancel can still be taken back, is under way, or did not get through. */
export type Cancelling = 'no' | 'soon' | 'yes' | 'failed'

/** How a row stands. */
export interface RowSnapshot extends UploadSnapshot {
  readonly cancelling: Cancelling
  /** When this page saw it finish; `null` before. */
  readonly finishedAt: Date | null
}

/** One upload as a page shows it: its snapshot is that of the last frame. */
export class UploadRow implements Store<RowSnapshot> {
  /** Unique in its list. */
  readonly key: number
  readonly upload: Upload
  /** Finished before the uploads of now began, so it does not count into their percent. */
  settled = false
  readonly #store: ValueStore<RowSnapshot>
  #followed: UploadSnapshot

  /** @param now Unix milliseconds: when it finished, should it be done already */
  constructor(upload: Upload, key: number, now = Date.now()) {
    this.upload = upload
    this.key = key
    this.#followed = upload.snapshot
    this.#store = new ValueStore(shown(upload.snapshot, 'no', null, now))
  }

  get snapshot(): RowSnapshot {
    return this.#store.snapshot
  }

  get subscribe(): Store<RowSnapshot>['subscribe'] {
    return this.#store.subscribe
  }

  /** Part of the snapshot; whoever cancels sets it. */
  get cancelling(): Cancelling {
    return this.snapshot.cancelling
  }

  /** Shows what becomes of a cancel. */
  set cancelling(cancelling: Cancelling) {
    if (cancelling !== this.cancelling) this.#store.set({ ...this.snapshot, cancelling })
  }

  /**
   * Shows how the upload stands now.
   *
   * @param now Unix milliseconds: when it finished, should it be done
   */
  follow(now: number): void {
    if (this.upload.snapshot === this.#followed) return
    this.#followed = this.upload.snapshot
    const { cancelling, finishedAt } = this.snapshot
    this.#store.set(shown(this.#followed, cancelling, finishedAt, now))
  }
}

function shown(
  snapshot: UploadSnapshot,
  cancelling: Cancelling,
  finishedAt: Date | null,
  now: number,
): RowSnapshot {
  const justNow = snapshot.state === 'done' ? new Date(now) : null
  return { ...snapshot, cancelling, finishedAt: finishedAt ?? justNow }
}

/** Whether a cancel of everything is meant for it: what is about to be finished is not thrown away with the rest. */
export function isCancellable({ state }: Pick<UploadSnapshot, 'state'>, cancelling: Cancelling): boolean {
  return state !== 'done' && state !== 'finishing' && cancelling !== 'yes'
}
