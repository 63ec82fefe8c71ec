/** What was dropped or picked and cannot be uploaded, so that nothing is left out in silence. */
export interface LeftOut {
  readonly name: string
  /** `unreadable`: moved, deleted, or out of reach; `empty-folder`: there is no file in it. */
  readonly why: 'unreadable' | 'empty-folder'
}

/** What a drop or a dialog brought. */
export interface BroughtFiles {
  readonly files: readonly File[]
  readonly leftOut: readonly LeftOut[]
}
