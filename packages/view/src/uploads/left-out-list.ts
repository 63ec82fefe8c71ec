import type { LimitsAnswer, UnfinishedUpload } from '@carryon/client'
import { withinLimits } from '../files/file-limits.js'
import type { LeftOut } from '../files/left-out.js'
import { ValueStore, type Store } from '../store.js'

/** What was picked or dropped last and cannot be uploaded. */
export interface LeftOutFiles {
  /** Another one for each pick or drop. */
  readonly batch: number
  readonly items: readonly LeftOut[]
}

/**
 * What a page does with files that are picked or dropped, whichever way; its snapshot is what was left out.
 *
 * @typeParam Row one of its rows
 */
export interface LeftOutList<Row> extends Store<LeftOutFiles> {
  /** Uploads files as new ones. */
  readonly add: (files: readonly File[]) => void
  /** As `add`, in place of a row that has failed. */
  readonly replace: (row: Row | null, files: readonly File[]) => void
  /** The file of an unfinished upload. */
  readonly resume: (upload: UnfinishedUpload, file: File) => void
  /** What could not be taken of a pick or a drop; called after its files were. */
  readonly leaveOut: (items: readonly LeftOut[]) => void
  /** Takes it off the list. */
  readonly remove: (item: LeftOut) => void
}

/** What was left out before is no longer of interest as soon as something else is brought. */
export function createLeftOutList<Row>(uploads: {
  readonly add: (files: readonly File[]) => Promise<void>
  readonly resume: (upload: UnfinishedUpload, file: File) => void
  readonly dismiss: (row: Row) => void
  /** @default none */
  readonly limits?: () => LimitsAnswer | null
}): LeftOutList<Row> {
  const leftOut = new ValueStore<LeftOutFiles>({ batch: 0, items: [] })

  /** What the limits refuse of files whose drop may have brought more that is left out: that is told in the same task. */
  let refused: readonly LeftOut[] = []

  function leaveOut(items: readonly LeftOut[]): void {
    leftOut.set({ batch: leftOut.snapshot.batch + 1, items: [...refused, ...items] })
  }

  function add(files: readonly File[]): void {
    const allowed = withinLimits(files, uploads.limits?.() ?? null)
    refused = allowed.leftOut
    queueMicrotask(() => (refused = []))
    leaveOut([])
    if (allowed.files.length > 0) void uploads.add(allowed.files)
  }

  return {
    get snapshot() {
      return leftOut.snapshot
    },
    subscribe: leftOut.subscribe,
    add,
    replace: (row, files) => {
      if (row !== null) uploads.dismiss(row)
      add(files)
    },
    resume: (upload, file) => {
      leaveOut([])
      uploads.resume(upload, file)
    },
    leaveOut,
    remove: (item) => {
      const { batch, items } = leftOut.snapshot
      leftOut.set({ batch, items: items.filter((other) => other !== item) })
    },
  }
}
