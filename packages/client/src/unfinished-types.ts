import type { OnDuplicate } from './duplicate-types.js'
import type { FileSource } from './ports.js'
import type { Metadata, Upload } from './upload-types.js'

/** What one file may want differently from the uploader's other files. */
export interface UploadOptions {
  /** Default: the uploader's. */
  readonly onDuplicate?: OnDuplicate
  /**
   * What the application's server is told of the file, and keeps with the object: names of 1 to 64 characters `a-z 0-9 -`,
   * 2 KiB together with the values. It is remembered with the file, and counts when a new upload is made: one that is continued
   * keeps what it was opened with. Default: nothing.
   */
  readonly metadata?: Metadata
}

/** An open upload of an earlier page, another tab or another machine, or a file that an earlier page had yet to begin. */
export interface UnfinishedUpload {
  /** The server's; of what is `queued` this browser's own. */
  readonly id: string
  /** `queued`: it was picked, and nothing of it is known to the server. */
  readonly state: 'open' | 'queued'
  /** Of the file, as it was picked. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Empty while the file is `queued`: nothing was read of it. */
  readonly identity: string
  /** Of the file as it was picked, unix milliseconds; `null` where nobody knows. */
  readonly lastModified: number | null
  /** Bytes that this browser saw acknowledged, else that the store holds; `null` when nobody could tell. */
  readonly storedBytes: number | null
  /** ISO time. */
  readonly createdAt: string
  /**
   * What {@link UnfinishedUpload.resume} needs: `nothing` where this browser kept a copy, or may still read the file;
   * `permission` where it remembers which file it was, and has to ask; else the `file`.
   */
  readonly needs: 'nothing' | 'permission' | 'file'
  /** Whether somebody had paused it: then it is not to go on by itself. */
  readonly paused: boolean
  /**
   * Goes on without a pick. With `needs` `permission` call it when a button was just clicked. Rejects with an
   * `UploadError` whose remedy is to pick the file again: `permission-denied`, `file-unreadable` (moved, deleted, no
   * longer kept), `file-changed`. What was discarded or taken up meanwhile rejects with `cancelled` or
   * `invalid-request`.
   *
   * @param options of what is `queued`; an open upload has been decided about
   */
  resume(file?: undefined, options?: UploadOptions): Promise<Upload>
  /**
   * Goes on with the file picked again. One of other content fails with `file-changed`, naming the one expected; what is
   * `queued` has no content yet, and takes any file.
   *
   * @param options of what is `queued`; an open upload has been decided about
   */
  resume(file: FileSource, options?: UploadOptions): Upload
  /** Cancels it: the parts in the store, the server's record of it, and what this browser has of it go. */
  discard(): Promise<void>
}
