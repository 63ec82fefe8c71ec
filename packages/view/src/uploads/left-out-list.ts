import type { LimitsAnswer, UnfinishedUpload } from '@carryon/client'
import { limitCheck } from '../files/file-limits.js'
import { inSlices } from '../rows/in-slices.js'
import type { LeftOut } from '../files/left-out.js'
import { ValueStore, type Store } from '../store.js'

/** What was picked or dropped last and cannot be uploaded. */
export interface LeftOutFiles {
  /** Another one for each pick or drop. */
  readonly batch: number
  /** In the order in which they were brought. */
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

  /** Thousands of files are asked for their sizes, so not in one task. */
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
    // What else the drop left out is told by now; of an earlier pick nothing is of interest any more.
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
