import type { FinishedUpload } from './upload-types.js'

/**
 * What to do with a file whose content the same owner has stored already: `reuse` ends its upload immediately with the
 * existing object, `copy` stores another object.
 */
export type DuplicateChoice = 'reuse' | 'copy'

/** A file whose whole content was verified to equal an earlier upload of this owner. */
export interface Duplicate {
  /** The file that was picked now. */
  readonly file: { readonly name: string; readonly size: number; readonly type: string }
  /** The finished upload of the same content. */
  readonly stored: FinishedUpload
}

/**
 * What to do about a {@link Duplicate}, or a function that decides. Until the function answers, the upload waits
 * (`waiting`, `choice`) and does not block others. `signal` is aborted when the answer is no longer needed, for example
 * after a pause; after resuming, the function is called again. If it throws, the upload fails with `internal`.
 */
export type OnDuplicate =
  | DuplicateChoice
  | ((duplicate: Duplicate, signal: AbortSignal) => DuplicateChoice | Promise<DuplicateChoice>)
