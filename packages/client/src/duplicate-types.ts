import type { FinishedUpload } from './upload-types.js'

/**
 * What becomes of a file whose content the same owner has stored already: `reuse` ends its upload at once with the
 * object that is there, `copy` makes another.
 */
export type DuplicateChoice = 'reuse' | 'copy'

/** A file that was shown, byte by byte, to be what an earlier upload of this owner has stored. */
export interface Duplicate {
  /** The file that was picked now. */
  readonly file: { readonly name: string; readonly size: number; readonly type: string }
  /** The finished upload of the same content. */
  readonly stored: FinishedUpload
}

/**
 * What to do about a {@link Duplicate}, or who is to be asked. While the answer is awaited the upload waits
 * (`waiting`, `choice`) and keeps no other from going on. `signal` is aborted when the answer is wanted no more, as by
 * a pause; who goes on after that is asked again. One that throws fails the upload with `internal`.
 */
export type OnDuplicate =
  | DuplicateChoice
  | ((duplicate: Duplicate, signal: AbortSignal) => DuplicateChoice | Promise<DuplicateChoice>)
