import type { RowGroups as Groups } from '@carryon/view'
import { watchRow, type UploadRow } from './upload-row.js'

/** Rows in groups and in display order. */
export interface RowGroups {
  /** Uploads in progress, paused or failed, in the order of picking; then queued ones. */
  readonly open: readonly UploadRow[]
  /** Finished uploads, latest first. */
  readonly done: readonly UploadRow[]
  /** Rows of {@link RowGroups.open} that ask the user what to do with a file that is already stored. */
  readonly asked: readonly UploadRow[]
}

export function watchGroups({ open, done, asked }: Groups): RowGroups {
  return { open: open.map(watchRow), done: done.map(watchRow), asked: asked.map(watchRow) }
}
