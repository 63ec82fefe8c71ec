import type { RowGroups as Groups } from '@carryon/view'
import { watchRow, type UploadRow } from './upload-row.js'

/** Rows in the order in which a reader needs them. */
export interface RowGroups {
  /** Under way, paused or failed, in the order of picking; then those that wait for their turn. */
  readonly open: readonly UploadRow[]
  /** Latest first. */
  readonly done: readonly UploadRow[]
  /** Those of {@link RowGroups.open} whose reader is asked what is to become of a file that is stored already. */
  readonly asked: readonly UploadRow[]
}

export function watchGroups({ open, done, asked }: Groups): RowGroups {
  return { open: open.map(watchRow), done: done.map(watchRow), asked: asked.map(watchRow) }
}
