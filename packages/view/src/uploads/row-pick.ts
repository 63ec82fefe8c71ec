import type { UnfinishedUpload } from '@carryon/client'
import { isExpected } from '../rows/match-files.js'
import { ValueStore, type Store } from '../store.js'

/**
 * What becomes of a file that was picked in a row of unfinished uploads. Its snapshot has, by id of the row, the file that
 * was picked in it and is another one.
 */
export interface RowPick extends Store<ReadonlyMap<string, File>> {
  /** The next pick is for this row. */
  readonly begin: (upload: UnfinishedUpload) => void
  /** What was picked; nothing when the dialog was closed. */
  readonly picked: (files: readonly File[]) => void
  /** The other file is uploaded as a new one. */
  readonly addAsNew: (id: string) => void
  /** The other file is let go. */
  readonly dropOther: (id: string) => void
}

/**
 * Follows picks of single files for rows that may be gone once the system's dialog closes: uploads go on by themselves
 * meanwhile, or in another tab. What was picked for such a row is added as any file is, and nothing is lost.
 *
 * @param unfinished as it is listed now
 * @param take what is done with the file of a row, and with one that belongs to none
 */
export function createRowPick(
  unfinished: () => readonly UnfinishedUpload[],
  take: {
    readonly resume: (upload: UnfinishedUpload, file: File) => void
    readonly add: (file: File) => void
  },
): RowPick {
  const others = new ValueStore<ReadonlyMap<string, File>>(new Map())
  let asking: string | null = null

  function picked([file]: readonly File[]): void {
    const upload = unfinished().find(({ id }) => id === asking)
    asking = null
    if (file === undefined) return
    if (upload === undefined) take.add(file)
    else if (isExpected(upload, file)) take.resume(upload, file)
    else others.set(new Map(others.snapshot).set(upload.id, file))
  }

  function dropOther(id: string): void {
    others.set(new Map([...others.snapshot].filter(([other]) => other !== id)))
  }

  function addAsNew(id: string): void {
    const file = others.snapshot.get(id)
    dropOther(id)
    if (file !== undefined) take.add(file)
  }

  return {
    get snapshot() {
      return others.snapshot
    },
    subscribe: others.subscribe,
    begin: ({ id }) => void (asking = id),
    picked,
    addAsNew,
    dropOther,
  }
}
