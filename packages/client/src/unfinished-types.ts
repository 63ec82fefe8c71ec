import type { OnDuplicate } from './duplicate-types.js'
import type { FileSource } from './ports.js'
import type { Metadata, Upload } from './upload-types.js'

/** Options of one upload. */
export interface UploadOptions {
  /** Default: the uploader's. */
  readonly onDuplicate?: OnDuplicate
  /**
   * Metadata that is passed to the application's server and kept with the object: names of 1 to 64 characters `a-z 0-9
   * -`, at most 2 KiB together with the values. It is remembered with the file and used when a new upload is created; a
   * continued upload keeps the metadata it was opened with. Default: none.
   */
  readonly metadata?: Metadata
}

/** An open upload of an earlier page, another tab or another machine, or a file that an earlier page had not begun. */
export interface UnfinishedUpload {
  /** The server's id of the upload; if `queued`, an id of this browser. */
  readonly id: string
  /** `queued`: the file was picked, but the server does not know of it yet. */
  readonly state: 'open' | 'queued'
  /** Name of the file as it was picked. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Fingerprint of the file; empty if `queued`, because the file was not read yet. */
  readonly identity: string
  /** Modification time of the file as it was picked, Unix milliseconds; `null` if unknown. */
  readonly lastModified: number | null
  /** Bytes that this browser knows to be acknowledged, else those that the store holds; `null` if unknown. */
  readonly storedBytes: number | null
  /** ISO time. */
  readonly createdAt: string
  /**
   * What {@link UnfinishedUpload.resume} needs: `nothing` if this browser kept a local copy or may still read the file;
   * `permission` if it has a file handle and has to ask the user; else the `file`.
   */
  readonly needs: 'nothing' | 'permission' | 'file'
  /** Whether the user had paused it; if so, do not resume it automatically. */
  readonly paused: boolean
  /**
   * Continues without a pick. If `needs` is `permission`, call it in a click handler. Rejects with an `UploadError`
   * whose remedy is to pick the file again: `permission-denied`, `file-unreadable` (moved, deleted, no longer kept),
   * `file-changed`. Rejects with `cancelled` or `invalid-request` if the upload was discarded or resumed meanwhile.
   *
   * @param options used if the file is `queued`; ignored for an open upload, which keeps those it was opened with
   */
  resume(file?: undefined, options?: UploadOptions): Promise<Upload>
  /**
   * Continues with the file that the user picked again. A file with other content fails with `file-changed`, and the
   * message names the expected file. If the upload is `queued`, its content is not known yet, so every file is
   * accepted.
   *
   * @param options used if the file is `queued`; ignored for an open upload, which keeps those it was opened with
   */
  resume(file: FileSource, options?: UploadOptions): Upload
  /** Cancels the upload: removes its parts in the store, the server's record, and what this browser kept of it. */
  discard(): Promise<void>
}
