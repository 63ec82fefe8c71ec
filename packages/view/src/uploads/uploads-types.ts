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
  /** The one whose uploads are listed. */
  readonly uploader: Uploader
  /**
   * Let files that are stored already wait in {@link UploadsSnapshot.duplicates} until it is decided about them.
   *
   * @default false: the uploader's `onDuplicate` holds
   */
  readonly askDuplicates?: boolean
  /**
   * When changes are drawn.
   *
   * @default once per animation frame
   */
  readonly requestFrame?: RequestFrame
  /**
   * Whether anybody can see the page.
   *
   * @default what the browser says
   */
  readonly sight?: PageSight
  /**
   * Unix milliseconds.
   *
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * Where it is remembered whether unfinished uploads go on by themselves, and what was cleared; `null`: nowhere.
   *
   * @default `localStorage`, where the browser allows it
   */
  readonly storage?: ChoiceStorage
}

/** How all uploads of a page stand. What has not changed is the same object as before. */
export interface UploadsSnapshot {
  /** Uploads of this page, in the order in which a reader needs them. */
  readonly groups: RowGroups
  /** What the rows of now come to. */
  readonly totals: UploadTotals
  /** Rows whose state changed in the last frame, for announcing them. */
  readonly stateChanges: readonly UploadRow[]
  /** What uploads wait for that does not answer; `null` while everything does. */
  readonly outage: Outage | null
  /** Whether leaving the page would interrupt something. */
  readonly active: boolean
  /** Whose content is stored already: they wait for {@link Uploads.decide}. */
  readonly duplicates: readonly UploadRow[]
  /** Of the duplicates those that others wait for which were added with them: of equal content, `decide` holds for them. */
  readonly answersForEquals: ReadonlySet<UploadRow>
  /** Whether others that were added with one of the duplicates may prove to be stored, too: `decideAll` holds for them. */
  readonly answersForComing: boolean
  /**
   * Left by earlier pages, other tabs or other machines, and files that an earlier page had yet to begin; without what
   * this page has taken up.
   */
  readonly unfinished: readonly UnfinishedUpload[]
  /**
   * Files under way that would have to be picked again should the page be left, for this browser could not remember them;
   * 0 while it remembers.
   */
  readonly forgettable: number
  /**
   * Finished earlier, newest first; without what {@link UploadsSnapshot.groups} has, what was cleared, and what does not match
   * {@link UploadsSnapshot.query}.
   */
  readonly finished: readonly FinishedUpload[]
  /** Whether {@link Uploads.loadMoreFinished} has more to bring. */
  readonly moreFinished: boolean
  /** Whether finished uploads were taken off the list. */
  readonly cleared: boolean
  /** What is searched among the finished; empty: nothing. */
  readonly query: string
  /** Whether earlier finished uploads are being looked through. */
  readonly searching: boolean
  /** Names that this page has given to finished uploads, by id. */
  readonly names: ReadonlyMap<string, string>
  /** What may be uploaded and what is left of it, as the server told last; `null`: it did not, and refuses by itself. */
  readonly limits: LimitsAnswer | null
  /** Why the earlier uploads could not be listed; `null` when they could. */
  readonly recordsError: unknown
  /** Whether the earlier uploads have been listed once. */
  readonly recordsLoaded: boolean
  /** Whether unfinished uploads that can go on by themselves do. */
  readonly automatic: boolean
  /** Why an unfinished upload could not go on, by its id. */
  readonly troubles: ReadonlyMap<string, UploadError>
}

/** All uploads of a page, and what can be done about them. The functions may be passed on without the object. */
export interface Uploads extends Store<UploadsSnapshot> {
  /**
   * Begins to follow the uploader, asks the server for earlier uploads, and lets unfinished ones go on by themselves. Until
   * then the snapshot is how things stood when it was made, which is what a server renders.
   *
   * @returns the way to stop, after which it may be started again; a cancel that could still be taken back is carried out
   */
  readonly start: () => () => void
  /**
   * Adds files, a few milliseconds' worth at a time, so that thousands do not freeze the page. Those that
   * {@link UploadsSnapshot.unfinished} still waits for, by name, size and time, are taken up.
   */
  readonly add: (files: Iterable<File>) => Promise<void>
  /** Says what is to become of one of {@link UploadsSnapshot.duplicates}. */
  readonly decide: (row: UploadRow, choice: DuplicateChoice) => void
  /** As `decide` for all of them, and for those added with one of them that are still being compared. */
  readonly decideAll: (choice: DuplicateChoice) => void
  /** Continues an unfinished upload with the file that was picked for it. */
  readonly resume: (upload: UnfinishedUpload, file: File) => void
  /** Chooses whether unfinished uploads that can go on by themselves do; it is remembered. */
  readonly setAutomatic: (automatic: boolean) => void
  /** Continues without a pick. Call it when a button was just clicked: the browser may have to ask for permission. */
  readonly resumeOne: (upload: UnfinishedUpload) => Promise<void>
  /**
   * As `resumeOne` for several, one after the other: a browser asks once, and gives the permission for all. Ends with the
   * first that is refused.
   */
  readonly resumeSeveral: (uploads: readonly UnfinishedUpload[]) => Promise<void>
  /** It does not go on by itself any more. */
  readonly leaveAlone: (upload: UnfinishedUpload) => void
  /** Cancels and takes the row off the list; a cancel that does not get through shows in the row. */
  readonly cancel: (row: UploadRow) => Promise<void>
  /** Cancels in a few seconds, until when {@link Uploads.undo} takes it back; the upload is paused meanwhile. */
  readonly cancelSoon: (row: UploadRow) => void
  /** Takes a cancel back that has not begun. */
  readonly undo: (row: UploadRow) => void
  /** As `cancel` for all that is not finished or about to be. */
  readonly cancelAll: () => Promise<void>
  /** Takes a failed row off the list and leaves what the store has, for another pick to continue. */
  readonly dismiss: (row: UploadRow) => void
  /** Pauses every upload that can be paused. */
  readonly pauseAll: () => void
  /** Resumes every upload that is paused. */
  readonly resumeAll: () => void
  /** Tries again whatever failed for a reason that may be over. */
  readonly retryAll: () => void
  /**
   * Removes an unfinished upload for good.
   *
   * @throws UploadError when that does not get through
   */
  readonly discard: (upload: UnfinishedUpload) => Promise<void>
  /**
   * Removes a finished upload for good, by the server's id: its object, and its row.
   *
   * @throws UploadError when that does not get through
   */
  readonly removeFinished: (id: string) => Promise<void>
  /**
   * Gives a finished upload another name, by the server's id.
   *
   * @throws UploadError when that does not get through
   */
  readonly renameFinished: (id: string, name: string) => Promise<void>
  /** Shows of the finished those whose name has every word of `query`; empty: all. */
  readonly searchFinished: (query: string) => Promise<void>
  /** Takes all that is finished off the list; nothing is deleted, and it is remembered in this browser. */
  readonly clearFinished: () => Promise<void>
  /** Shows again what was cleared. */
  readonly showCleared: () => void
  /** Whatever waits for the network, the server or storage tries now. */
  readonly retryNow: () => void
  /** Asks the server again for unfinished and finished uploads. */
  readonly refresh: () => Promise<void>
  /** Brings the next page of {@link UploadsSnapshot.finished}. */
  readonly loadMoreFinished: () => Promise<void>
}
