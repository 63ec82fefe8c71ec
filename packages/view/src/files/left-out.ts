/** What was dropped or picked and cannot be uploaded, so that nothing is left out in silence. */
export interface LeftOut {
  /** Of the file or folder. */
  readonly name: string
  /**
   * `unreadable`: moved, deleted, or out of reach; `empty-folder`: there is no file in it; `too-large`, `wrong-type`,
   * `no-room`: the server's limits do not allow it.
   */
  readonly why: 'unreadable' | 'empty-folder' | 'too-large' | 'wrong-type' | 'no-room'
  /** Of `too-large` the most that one file may have, of `no-room` what is left. */
  readonly bytes?: number
  /** Of `wrong-type`: endings or media types that are taken. */
  readonly taken?: readonly string[]
}

/** What a drop or a dialog brought. */
export interface BroughtFiles {
  /** What may be uploaded; those of folders one by one. */
  readonly files: readonly File[]
  /** What is not uploaded, and why. */
  readonly leftOut: readonly LeftOut[]
}
