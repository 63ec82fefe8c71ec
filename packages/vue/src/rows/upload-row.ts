import type { Upload } from '@carryon/client'
import type { Cancelling, RowSnapshot, UploadRow as Row } from '@carryon/view'
import { shallowRef, type ShallowRef } from 'vue'

/** One upload as the page shows it. The engine's objects stay as they are; only the snapshot is watched. */
export interface UploadRow {
  /** The same without Vue. */
  readonly row: Row
  /** Unique on this page. */
  readonly key: number
  readonly upload: Upload
  /** As of the last frame. */
  readonly snapshot: Readonly<ShallowRef<RowSnapshot>>
  /** A ref of its own: whoever watches it is not called with every figure. */
  readonly cancelling: Readonly<ShallowRef<Cancelling>>
  /** When this page saw it finish. */
  readonly finishedAt: Date | null
}

/** While the row is there, so is what Vue watches of it. */
const made = new WeakMap<Row, UploadRow>()

/** The same object for the same row. */
export function watchRow(row: Row): UploadRow {
  const before = made.get(row)
  if (before !== undefined) return before
  const { key, upload } = row
  const snapshot = shallowRef(row.snapshot)
  const cancelling = shallowRef(row.cancelling)
  row.subscribe(() => {
    snapshot.value = row.snapshot
    cancelling.value = row.cancelling
  })
  const watched: UploadRow = {
    row,
    key,
    upload,
    snapshot,
    cancelling,
    get finishedAt() {
      return snapshot.value.finishedAt
    },
  }
  made.set(row, watched)
  return watched
}
