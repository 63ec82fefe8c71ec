import type { UnfinishedUpload } from '@carryon/client'
import { isExpected } from '@carryon/view'
import { shallowRef, type Ref, type ShallowRef } from 'vue'

/** What becomes of a file that was picked in a row of unfinished uploads. */
export interface RowPick {
  /** By id of the row: the file that was picked in it and is another one. */
  readonly otherFiles: Readonly<ShallowRef<ReadonlyMap<string, File>>>
  /** The next pick is for this row. */
  readonly begin: (upload: UnfinishedUpload) => void
  readonly picked: (files: readonly File[]) => void
  /** The other file is uploaded as a new one. */
  readonly addAsNew: (id: string) => void
  readonly dropOther: (id: string) => void
}

/**
 * Follows picks of single files for rows that may be gone once the system's dialog closes: uploads go on by themselves
 * meanwhile, or in another tab. What was picked for such a row is added as any file is, and nothing is lost.
 *
 * @param take what is done with the file of a row, and with one that belongs to none
 */
export function useRowPick(
  unfinished: Readonly<Ref<readonly UnfinishedUpload[]>>,
  take: {
    readonly resume: (upload: UnfinishedUpload, file: File) => void
    readonly add: (file: File) => void
  },
): RowPick {
  const otherFiles = shallowRef<ReadonlyMap<string, File>>(new Map())
  let asking: string | null = null

  function picked([file]: readonly File[]): void {
    const upload = unfinished.value.find(({ id }) => id === asking)
    asking = null
    if (file === undefined) return
    if (upload === undefined) take.add(file)
    else if (isExpected(upload, file)) take.resume(upload, file)
    else otherFiles.value = new Map(otherFiles.value).set(upload.id, file)
  }

  function dropOther(id: string): void {
    otherFiles.value = new Map([...otherFiles.value].filter(([other]) => other !== id))
  }

  function addAsNew(id: string): void {
    const file = otherFiles.value.get(id)
    dropOther(id)
    if (file !== undefined) take.add(file)
  }

  return { otherFiles, begin: ({ id }) => void (asking = id), picked, addAsNew, dropOther }
}
