import type { UnfinishedUpload } from '@carryon/client'
import { isExpected } from '../rows/match-files.js'
import { ValueStore, type Store } from '../store.js'

/**
 * Handles files picked in rows of unfinished uploads. The snapshot maps a row's id to the file that was picked there
 * but does not match the row.
 */
export interface RowPick extends Store<ReadonlyMap<string, File>> {
  /** Assigns the next pick to this row. */
  readonly begin: (upload: UnfinishedUpload) => void
  /** Takes the picked files; empty if the dialog was closed. */
  readonly picked: (files: readonly File[]) => void
  /** Uploads the file that does not match as a new one. */
  readonly addAsNew: (id: string) => void
  /** Discards the file that does not match. */
  readonly dropOther: (id: string) => void
}

/**
 * Follows picks of single files for rows that may be gone when the system's dialog closes, because the upload was
 * resumed automatically or in another tab. A file picked for such a row is added as a new file, so nothing is lost.
 *
 * @param unfinished returns the current list
 * @param take handles a file that belongs to a row, and one that belongs to none
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
