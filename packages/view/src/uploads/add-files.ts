import type { UnfinishedUpload, Upload } from '@carryon/client'
import { inSlices } from '../rows/in-slices.js'
import type { RowList } from '../rows/row-list.js'
import type { UploadRow } from '../rows/upload-row.js'

/** A file and the queued upload of an earlier page that it matches; `null` for a new file. */
export type MatchedFile = readonly [File, UnfinishedUpload | null]

/** What {@link addFiles} works with. */
export interface AddFilesOptions {
  readonly list: Pick<RowList, 'expect' | 'begin' | 'giveUp'>
  readonly begin: (file: File, queued: UnfinishedUpload | null) => Upload
  /** These are no longer unfinished: their files now belong to uploads. */
  readonly took: (queued: readonly UnfinishedUpload[]) => void
  /** These are unfinished again: their uploads could not begin. */
  readonly gaveBack: (queued: readonly UnfinishedUpload[]) => void
  /** Called when all files are in the list, and again when all uploads have begun. */
  readonly changed: () => void
}

/**
 * Adds files that were picked together. Starting thousands of uploads takes seconds, because each file's size has to
 * be read. The first uploads begin at once; the other files are listed at once and begin in slices of a few
 * milliseconds.
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
