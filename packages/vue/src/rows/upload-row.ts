import type { Upload } from '@carryon/client'
import type { Cancelling, RowSnapshot, UploadRow as Row } from '@carryon/view'
import { markRaw, shallowRef, type ShallowRef } from 'vue'

/** One upload as the page shows it. Only its snapshot is reactive; the uploader's objects stay as they are. */
export interface UploadRow {
  /** The framework-free row. */
  readonly row: Row
  /** Unique on this page. */
  readonly key: number
  /** The upload that this row shows. */
  readonly upload: Upload
  /** The row's snapshot, updated at most once per frame. */
  readonly snapshot: Readonly<ShallowRef<RowSnapshot>>
  /** Whether the upload is being cancelled. A separate ref, so that progress does not trigger its watchers. */
  readonly cancelling: Readonly<ShallowRef<Cancelling>>
  /** When this page saw the upload finish; `null` before. */
  readonly finishedAt: Date | null
}

interface Refs {
  readonly snapshot: ShallowRef<RowSnapshot>
  readonly cancelling: ShallowRef<Cancelling>
}

/** Creates its refs on first access, because only a few of ten thousand rows are ever rendered. */
class WatchedRow implements UploadRow {
  readonly row: Row
  readonly key: number
  #refs: Refs | null = null

  constructor(row: Row) {
    this.row = row
    this.key = row.key
  }

  get upload(): Upload {
    return this.row.upload
  }

  get snapshot(): Readonly<ShallowRef<RowSnapshot>> {
    return this.#watch().snapshot
  }

  get cancelling(): Readonly<ShallowRef<Cancelling>> {
    return this.#watch().cancelling
  }

  get finishedAt(): Date | null {
    return this.snapshot.value.finishedAt
  }

  #watch(): Refs {
    if (this.#refs !== null) return this.#refs
    const { row } = this
    const refs = { snapshot: shallowRef(row.snapshot), cancelling: shallowRef(row.cancelling) }
    row.subscribe(() => {
      refs.snapshot.value = row.snapshot
      refs.cancelling.value = row.cancelling
    })
    this.#refs = refs
    return refs
  }
}
// Otherwise a deep ref to a row would return a proxy, through which private members are inaccessible.
markRaw(WatchedRow.prototype)

/** Each wrapper lives as long as its row. */
const made = new WeakMap<Row, UploadRow>()

/** Wraps a row for Vue; always returns the same object for the same row. */
export function watchRow(row: Row): UploadRow {
  const before = made.get(row)
  if (before !== undefined) return before
  const watched = new WatchedRow(row)
  made.set(row, watched)
  return watched
}
