import type { UnfinishedUpload, Upload } from '@carryon/client'
import { inSlices } from '../rows/in-slices.js'
import type { RowList } from '../rows/row-list.js'
import type { UploadRow } from '../rows/upload-row.js'

/** A file, and the queued one of an earlier page that it is; `null`: it is new. */
export type MatchedFile = readonly [File, UnfinishedUpload | null]

/** What {@link addFiles} works with. */
export interface AddFilesOptions {
  readonly list: Pick<RowList, 'expect' | 'begin' | 'giveUp'>
  readonly begin: (file: File, queued: UnfinishedUpload | null) => Upload
  /** These are no longer unfinished: what becomes of their files is an upload's. */
  readonly took: (queued: readonly UnfinishedUpload[]) => void
  /** These are again: their uploads could not begin. */
  readonly gaveBack: (queued: readonly UnfinishedUpload[]) => void
  /** Called when all are in the list, and when all have begun. */
  readonly changed: () => void
}

/**
 * Adds files that were picked together. To begin thousands of uploads takes seconds, for each file is asked for its size: the
 * first begin at once, the others are in the list at once, and begin a few milliseconds' worth at a time.
 */
export async function addFiles(
  files: readonly MatchedFile[],
  { list, begin, took, gaveBack, changed }: AddFilesOptions,
): Promise<void> {
  const queuedOf = (some: readonly MatchedFile[]) => some.flatMap(([, queued]) => queued ?? [])
  let rows: readonly UploadRow[] = []
  let atOnce = 0
  let next = 0
  const begun = inSlices(files, ([file, queued]) => {
    const upload = begin(file, queued)
    const row = rows[next - atOnce]
    if (row !== undefined) list.begin(row, upload)
    next += 1
  })
  took(queuedOf(files))
  if (next < files.length) {
    atOnce = next
    rows = list.expect(files.slice(atOnce).map(([file]) => file))
    changed()
  }
  try {
    await begun
  } finally {
    list.giveUp(rows)
    gaveBack(queuedOf(files.slice(next)))
    changed()
  }
}
