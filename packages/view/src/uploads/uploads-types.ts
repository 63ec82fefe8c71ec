import type {
  DuplicateChoice,
  FinishedUpload,
  LimitsAnswer,
  UnfinishedUpload,
  UploadError,
  Uploader,
} from '@carryon/client'
import type { RequestFrame } from '../rows/frame-batch.js'
import type { PageSight } from '../rows/page-sight.js'
import type { Outage } from '../rows/outage.js'
import type { RowGroups } from '../rows/row-groups.js'
import type { UploadTotals } from '../rows/totals.js'
import type { UploadRow } from '../rows/upload-row.js'
import type { Store } from '../store.js'
import type { ChoiceStorage } from '../storage.js'

/** Options of `createUploads`. */
export interface UploadsOptions {
  /** The uploader whose uploads are listed. */
  readonly uploader: Uploader
  /**
   * Let files whose content is already stored wait in {@link UploadsSnapshot.duplicates} for a decision.
   *
   * @default false: the uploader's `onDuplicate` applies
   */
  readonly askDuplicates?: boolean
  /**
   * When changes are published to subscribers.
   *
   * @default once per animation frame
   */
  readonly requestFrame?: RequestFrame
  /**
   * Whether the page is visible.
   *
   * @default the browser's page visibility
   */
  readonly sight?: PageSight
  /**
   * The current time in Unix milliseconds.
   *
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * Where to remember whether unfinished uploads resume automatically, and what was cleared; `null` remembers nothing.
   *
   * @default `localStorage`, where the browser allows it
   */
  readonly storage?: ChoiceStorage
}

/** The state of all uploads on a page. Values that have not changed keep their object identity. */
export interface UploadsSnapshot {
  /** Uploads of this page, in the order in which they matter to the user. */
  readonly groups: RowGroups
  /** Totals over the current rows. */
  readonly totals: UploadTotals
  /** Rows whose state changed in the last frame, for announcing them. */
  readonly stateChanges: readonly UploadRow[]
  /** The service that waiting uploads cannot reach; `null` while every service answers. */
  readonly outage: Outage | null
  /** Whether leaving the page would interrupt an upload. */
  readonly active: boolean
  /** Uploads whose content is already stored and that wait for {@link Uploads.decide}. */
  readonly duplicates: readonly UploadRow[]
  /** Duplicates with waiting files of equal content in the same batch; `decide` applies to those files too. */
  readonly answersForEquals: ReadonlySet<UploadRow>
  /** Whether other files of a duplicate's batch may also prove to be stored; `decideAll` applies to them too. */
  readonly answersForComing: boolean
  /**
   * Uploads left by earlier pages, other tabs or other machines, and files that an earlier page had not begun; without
   * those that this page has already resumed.
   */
  readonly unfinished: readonly UnfinishedUpload[]
  /**
   * Number of files in progress that would have to be picked again if the user left the page, because this browser
   * could not remember them; 0 if it can.
   */
  readonly forgettable: number
  /**
   * Uploads finished earlier, newest first; without those in {@link UploadsSnapshot.groups}, those that were cleared,
   * and those that do not match {@link UploadsSnapshot.query}.
   */
  readonly finished: readonly FinishedUpload[]
  /** Whether {@link Uploads.loadMoreFinished} can load more. */
  readonly moreFinished: boolean
  /** Whether finished uploads were cleared from the list. */
  readonly cleared: boolean
  /** Search words for finished uploads; empty when not searching. */
  readonly query: string
  /** Whether a search through earlier finished uploads is in progress. */
  readonly searching: boolean
  /** Names that this page gave to finished uploads, by id. */
  readonly names: ReadonlyMap<string, string>
  /**
   * Upload limits and what is left of them, from the server's last answer; `null` if unknown: then only the server
   * enforces them.
   */
  readonly limits: LimitsAnswer | null
  /** Why the earlier uploads could not be listed; `null` if they could. */
  readonly recordsError: unknown
  /** Whether the earlier uploads have been listed at least once. */
  readonly recordsLoaded: boolean
  /** Whether unfinished uploads resume automatically where they can. */
  readonly automatic: boolean
  /** Why an unfinished upload could not be resumed, by its id. */
  readonly troubles: ReadonlyMap<string, UploadError>
}

/** All uploads of a page and the actions on them. The functions do not depend on `this`. */
export interface Uploads extends Store<UploadsSnapshot> {
  /**
   * Starts following the uploader, asks the server for earlier uploads, and resumes unfinished ones automatically.
   * Until then the snapshot shows the state at creation, which is what server-side rendering uses.
   *
   * @returns a function that stops it and carries out cancels that could still be undone; it can be started again
   * later
   */
  readonly start: () => () => void
  /**
   * Adds files in slices of a few milliseconds, so that thousands do not freeze the page. A file that matches an entry
   * of {@link UploadsSnapshot.unfinished} by name, size and modification time resumes that upload.
   */
  readonly add: (files: Iterable<File>) => Promise<void>
  /** Decides what to do with one of {@link UploadsSnapshot.duplicates}. */
  readonly decide: (row: UploadRow, choice: DuplicateChoice) => void
  /** Like `decide` for all of them, and for files of the same batches that are still being compared. */
  readonly decideAll: (choice: DuplicateChoice) => void
  /** Continues an unfinished upload with the file that was picked for it. */
  readonly resume: (upload: UnfinishedUpload, file: File) => void
  /** Chooses whether unfinished uploads resume automatically where they can; the choice is remembered. */
  readonly setAutomatic: (automatic: boolean) => void
  /**
   * Resumes without picking the file again. Call it in a click handler: the browser may have to ask for permission.
   */
  readonly resumeOne: (upload: UnfinishedUpload) => Promise<void>
  /**
   * Like `resumeOne` for several uploads, one after the other: the browser asks once and grants permission for all.
   * Stops at the first refusal.
   */
  readonly resumeSeveral: (uploads: readonly UnfinishedUpload[]) => Promise<void>
  /** Excludes this upload from automatic resuming. */
  readonly leaveAlone: (upload: UnfinishedUpload) => void
  /** Cancels and removes the row; if cancelling fails, the row shows it. */
  readonly cancel: (row: UploadRow) => Promise<void>
  /** Cancels after a few seconds; until then the upload is paused and {@link Uploads.undo} undoes the cancel. */
  readonly cancelSoon: (row: UploadRow) => void
  /** Undoes a cancel that has not been carried out yet. */
  readonly undo: (row: UploadRow) => void
  /** Like `cancel` for every upload that is neither finished nor finishing. */
  readonly cancelAll: () => Promise<void>
  /** Removes a failed row but keeps what is stored, so that picking the file again can resume the upload. */
  readonly dismiss: (row: UploadRow) => void
  /** Pauses every upload that can be paused. */
  readonly pauseAll: () => void
  /** Resumes every upload that is paused. */
  readonly resumeAll: () => void
  /** Retries every failed upload whose cause may be over. */
  readonly retryAll: () => void
  /**
   * Removes an unfinished upload permanently.
   *
   * @throws UploadError if that fails
   */
  readonly discard: (upload: UnfinishedUpload) => Promise<void>
  /**
   * Permanently removes a finished upload, given by the server's id: its object and its row.
   *
   * @throws UploadError if that fails
   */
  readonly removeFinished: (id: string) => Promise<void>
  /**
   * Renames a finished upload, given by the server's id.
   *
   * @throws UploadError if that fails
   */
  readonly renameFinished: (id: string, name: string) => Promise<void>
  /** Lists only finished uploads whose name contains every word of `query`; an empty query lists all. */
  readonly searchFinished: (query: string) => Promise<void>
  /** Clears all finished uploads from the list; nothing is deleted, and this browser remembers it. */
  readonly clearFinished: () => Promise<void>
  /** Lists cleared uploads again. */
  readonly showCleared: () => void
  /** Makes every upload that waits for the network, the server or storage retry now. */
  readonly retryNow: () => void
  /** Asks the server again for unfinished and finished uploads. */
  readonly refresh: () => Promise<void>
  /** Loads the next page of {@link UploadsSnapshot.finished}. */
  readonly loadMoreFinished: () => Promise<void>
}
