import type { UnfinishedUpload } from '@carryon/client'
import type { LeftOut } from '@carryon/view'
import { shallowRef, type ShallowRef } from 'vue'
import type { UploadRow } from './rows/upload-row.js'
import type { UseUploadsReturn } from './use-uploads.js'

/** What was picked or dropped last and cannot be uploaded. */
export interface LeftOutFiles {
  /** Another one for each pick or drop. */
  readonly batch: number
  readonly items: readonly LeftOut[]
}

/** What a page does with files that are picked or dropped, whichever way. */
export interface UseBroughtFilesReturn {
  readonly leftOut: Readonly<ShallowRef<LeftOutFiles>>
  readonly add: (files: readonly File[]) => void
  /** As `add`, in place of a row that has failed. */
  readonly replace: (row: UploadRow | null, files: readonly File[]) => void
  /** The file of an unfinished upload. */
  readonly resume: (upload: UnfinishedUpload, file: File) => void
  /** What could not be taken of a pick or a drop; called after its files were. */
  readonly leaveOut: (items: readonly LeftOut[]) => void
  readonly remove: (item: LeftOut) => void
}

/** What was left out before is no longer of interest as soon as something else is brought. */
export function useBroughtFiles(
  uploads: Pick<UseUploadsReturn, 'add' | 'resume' | 'dismiss'>,
): UseBroughtFilesReturn {
  const leftOut = shallowRef<LeftOutFiles>({ batch: 0, items: [] })

  function leaveOut(items: readonly LeftOut[]): void {
    leftOut.value = { batch: leftOut.value.batch + 1, items }
  }

  function add(files: readonly File[]): void {
    leaveOut([])
    void uploads.add(files)
  }

  return {
    leftOut,
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
      const { batch, items } = leftOut.value
      leftOut.value = { batch, items: items.filter((other) => other !== item) }
    },
  }
}
