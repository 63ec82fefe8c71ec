/** A dropped or picked item that cannot be uploaded, so that nothing is left out silently. */
export interface LeftOut {
  /** Name of the file or folder. */
  readonly name: string
  /**
   * `unreadable`: moved, deleted, or inaccessible; `empty-folder`: it contains no file; `too-large`, `wrong-type`,
   * `no-room`: the server's limits do not allow it.
   */
  readonly why: 'unreadable' | 'empty-folder' | 'too-large' | 'wrong-type' | 'no-room'
  /** For `too-large` the largest allowed size of a file, for `no-room` what is left. */
  readonly bytes?: number
  /** For `wrong-type`: the allowed extensions or media types. */
  readonly taken?: readonly string[]
}

/** The result of a drop or a dialog. */
export interface BroughtFiles {
  /** Files to upload; folders are expanded. */
  readonly files: readonly File[]
  /** Items that are not uploaded, and why. */
  readonly leftOut: readonly LeftOut[]
}
