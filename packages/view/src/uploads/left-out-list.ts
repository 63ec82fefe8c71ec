import type { LimitsAnswer, UnfinishedUpload } from '@carryon/client'
import { limitCheck } from '../files/file-limits.js'
import { inSlices } from '../rows/in-slices.js'
import type { LeftOut } from '../files/left-out.js'
import { ValueStore, type Store } from '../store.js'

/** Files of the last pick or drop that cannot be uploaded. */
export interface LeftOutFiles {
  /** A new number for each pick or drop. */
  readonly batch: number
  /** In the order in which they were picked or dropped. */
  readonly items: readonly LeftOut[]
}

/**
 * Handles files that were picked or dropped in any way; the snapshot lists those that were left out.
 *
 * @typeParam Row the type of the page's rows
 */
export interface LeftOutList<Row> extends Store<LeftOutFiles> {
  /** Uploads files as new ones. */
  readonly add: (files: readonly File[]) => void
  /** Like `add`, in place of a failed row. */
  readonly replace: (row: Row | null, files: readonly File[]) => void
  /** Resumes an unfinished upload with its file. */
  readonly resume: (upload: UnfinishedUpload, file: File) => void
  /** Lists the items of a pick or drop that cannot be uploaded; call it after `add`. */
  readonly leaveOut: (items: readonly LeftOut[]) => void
  /** Removes an item from the list. */
  readonly remove: (item: LeftOut) => void
}

/** Each new pick or drop replaces the list of what was left out before. */
export function createLeftOutList<Row>(uploads: {
  readonly add: (files: readonly File[]) => Promise<void>
  readonly resume: (upload: UnfinishedUpload, file: File) => void
  readonly dismiss: (row: Row) => void
  /** @default none */
  readonly limits?: () => LimitsAnswer | null
}): LeftOutList<Row> {
  const leftOut = new ValueStore<LeftOutFiles>({ batch: 0, items: [] })

  let picks = 0

  function leaveOut(items: readonly LeftOut[]): void {
    leftOut.set({ batch: leftOut.snapshot.batch + 1, items })
  }

  function add(files: readonly File[]): void {
    const pick = ++picks
    leaveOut([])
    const check = limitCheck(uploads.limits?.() ?? null)
    if (check === null) void uploads.add(files)
    else void addAllowed(files, check, pick)
  }

  /** Checks in slices instead of one task, because the sizes of thousands of files have to be read. */
  async function addAllowed(
    files: readonly File[],
    check: (file: File) => LeftOut | null,
    pick: number,
  ): Promise<void> {
    const allowed: File[] = []
    const refused: LeftOut[] = []
    await inSlices(files, (file) => {
      const item = check(file)
      if (item === null) allowed.push(file)
      else refused.push(item)
    })
    if (allowed.length > 0) void uploads.add(allowed)
    // Other items that the drop left out are listed by now. Results of an earlier pick are discarded.
    if (refused.length > 0 && pick === picks) leaveOut([...refused, ...leftOut.snapshot.items])
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
      picks += 1
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
