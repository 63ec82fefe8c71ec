import type { Upload } from '@carryon/client'
import type { Cancelling, RowSnapshot, UploadRow as Row } from '@carryon/view'
import { markRaw, shallowRef, type ShallowRef } from 'vue'

/** One upload as the page shows it. The engine's objects stay as they are; only the snapshot is watched. */
export interface UploadRow {
  /** The same without Vue. */
  readonly row: Row
  /** Unique on this page. */
  readonly key: number
  /** What it shows. */
  readonly upload: Upload
  /** As of the last frame. */
  readonly snapshot: Readonly<ShallowRef<RowSnapshot>>
  /** A ref of its own: whoever watches it is not called with every figure. */
  readonly cancelling: Readonly<ShallowRef<Cancelling>>
  /** When this page saw it finish. */
  readonly finishedAt: Date | null
}

interface Refs {
  readonly snapshot: ShallowRef<RowSnapshot>
  readonly cancelling: ShallowRef<Cancelling>
}

/** Its refs are made when somebody asks for them: of ten thousand rows few are ever drawn. */
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
// A deep ref to a row would otherwise answer a proxy, through which no private member can be reached.
markRaw(WatchedRow.prototype)

/** While the row is there, so is what Vue watches of it. */
const made = new WeakMap<Row, UploadRow>()

/** The same object for the same row. */
export function watchRow(row: Row): UploadRow {
  const before = made.get(row)
  if (before !== undefined) return before
  const watched = new WatchedRow(row)
  made.set(row, watched)
  return watched
}
