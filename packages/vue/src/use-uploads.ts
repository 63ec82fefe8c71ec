import type { DuplicateChoice, FinishedUpload, LimitsAnswer, UnfinishedUpload } from '@carryon/client'
import {
  createUploads,
  type Outage,
  type Uploads,
  type UploadsOptions,
  type UploadTotals,
} from '@carryon/view'
import { computed, onScopeDispose, type ComputedRef, type Ref } from 'vue'
import { autoResumeOf, type AutoResume } from './auto-resume.js'
import { watchGroups, type RowGroups } from './rows/row-groups.js'
import { watchRow, type UploadRow } from './rows/upload-row.js'
import { isServerRender } from './server-render.js'
import { useStore } from './use-store.js'

/** Options of {@link useUploads}. */
export type UseUploadsOptions = UploadsOptions

/** The actions of {@link Uploads} that need no adapting to Vue. */
type Actions = Pick<
  Uploads,
  | 'add'
  | 'resume'
  | 'cancelAll'
  | 'pauseAll'
  | 'resumeAll'
  | 'retryAll'
  | 'discard'
  | 'removeFinished'
  | 'renameFinished'
  | 'searchFinished'
  | 'clearFinished'
  | 'showCleared'
  | 'retryNow'
  | 'refresh'
  | 'loadMoreFinished'
>

/** Return value of {@link useUploads}. */
export interface UseUploadsReturn extends Actions {
  /** Uploads of this page, grouped and in display order. */
  readonly groups: Readonly<Ref<RowGroups>>
  /** Totals over the current rows. */
  readonly totals: Readonly<Ref<UploadTotals>>
  /** Rows whose state changed in the last frame, for announcing them. */
  readonly stateChanges: Readonly<Ref<readonly UploadRow[]>>
  /** Whether leaving the page would interrupt something. */
  readonly active: ComputedRef<boolean>
  /** Uploads whose content is already stored. They wait for {@link UseUploadsReturn.decide}. */
  readonly duplicates: ComputedRef<readonly UploadRow[]>
  /**
   * Those duplicates for which files of equal content, added at the same time, are waiting. `decide` applies to the
   * waiting files too.
   */
  readonly answersForEquals: ComputedRef<ReadonlySet<UploadRow>>
  /**
   * Whether files added together with a duplicate are still being compared. `decideAll` applies to those that turn out
   * to be stored too.
   */
  readonly answersForComing: ComputedRef<boolean>
  /**
   * Uploads left unfinished by earlier pages, other tabs or other machines, and files that an earlier page had not
   * started yet; without those that this page has resumed.
   */
  readonly unfinished: ComputedRef<readonly UnfinishedUpload[]>
  /**
   * Number of files in progress that would have to be picked again after leaving the page, because this browser could
   * not remember them; 0 while it can.
   */
  readonly forgettable: ComputedRef<number>
  /** Uploads that finished earlier, newest first; without those in {@link UseUploadsReturn.groups}. */
  readonly finished: ComputedRef<readonly FinishedUpload[]>
  /** Whether {@link UseUploadsReturn.loadMoreFinished} can load more. */
  readonly moreFinished: ComputedRef<boolean>
  /** Whether finished uploads were cleared from the list. */
  readonly cleared: ComputedRef<boolean>
  /** Search text for the finished uploads; empty when not searching. */
  readonly query: ComputedRef<string>
  /** Whether a search among the finished uploads is in progress. */
  readonly searching: ComputedRef<boolean>
  /** New names of finished uploads that were renamed on this page, by upload id. */
  readonly names: ComputedRef<ReadonlyMap<string, string>>
  /** The service that does not answer and that uploads wait for; `null` when there is none. */
  readonly outage: ComputedRef<Outage | null>
  /**
   * The limits and the remaining allowance that the server last reported; `null` when it reported none (it still
   * enforces its limits).
   */
  readonly limits: ComputedRef<LimitsAnswer | null>
  /** Why earlier uploads could not be listed; `null` when the listing succeeded. */
  readonly recordsError: Readonly<Ref<unknown>>
  /** Whether earlier uploads have been listed at least once. */
  readonly recordsLoaded: Readonly<Ref<boolean>>

  /** Decides what happens to one of {@link UseUploadsReturn.duplicates}. */
  readonly decide: (row: UploadRow, choice: DuplicateChoice) => void
  /** Like `decide`, for all duplicates and for files added with one of them that are still being compared. */
  readonly decideAll: (choice: DuplicateChoice) => void
  /** Resumes unfinished uploads without picking their files again. */
  readonly autoResume: AutoResume
  /** Cancels the upload and removes its row. If the cancel request fails, the row stays and shows the failure. */
  readonly cancel: (row: UploadRow) => Promise<void>
  /** Pauses the upload and cancels it after a few seconds, unless {@link UseUploadsReturn.undo} is called before. */
  readonly cancelSoon: (row: UploadRow) => void
  /** Undoes a `cancelSoon` whose cancel has not started. */
  readonly undo: (row: UploadRow) => void
  /** Removes a failed row but keeps its parts in the store, so that picking the file again resumes the upload. */
  readonly dismiss: (row: UploadRow) => void
}

/**
 * An uploader's uploads as reactive lists. They scale to ten thousand files: no object of the uploader is made deeply
 * reactive, and changes are rendered at most once per frame. The lists stop updating when the surrounding component or
 * effect scope ends; the uploader keeps running.
 *
 * @example
 * const uploader = createUploader({ backend: '/api' })
 * const { groups, totals, add } = useUploads({ uploader })
 */
export function useUploads(options: UseUploadsOptions): UseUploadsReturn {
  const uploads = createUploads(options)
  // Not on a server: it has no user whose uploads could be listed, and it never unmounts a component.
  if (!isServerRender()) onScopeDispose(uploads.start())
  const snapshot = useStore(uploads)
  // A computed for each of these members, so that their watchers do not run when only other members change.
  const groupsOfRows = computed(() => snapshot.value.groups)
  const changedRows = computed(() => snapshot.value.stateChanges)
  const rowsOfEquals = computed(() => snapshot.value.answersForEquals)
  const groups = computed(() => watchGroups(groupsOfRows.value))

  return {
    groups,
    totals: computed(() => snapshot.value.totals),
    stateChanges: computed(() => changedRows.value.map(watchRow)),
    active: computed(() => snapshot.value.active),
    duplicates: computed(() => groups.value.asked),
    answersForEquals: computed(() => new Set([...rowsOfEquals.value].map(watchRow))),
    answersForComing: computed(() => snapshot.value.answersForComing),
    unfinished: computed(() => snapshot.value.unfinished),
    forgettable: computed(() => snapshot.value.forgettable),
    autoResume: autoResumeOf(uploads, snapshot),
    finished: computed(() => snapshot.value.finished),
    moreFinished: computed(() => snapshot.value.moreFinished),
    cleared: computed(() => snapshot.value.cleared),
    query: computed(() => snapshot.value.query),
    searching: computed(() => snapshot.value.searching),
    names: computed(() => snapshot.value.names),
    outage: computed(() => snapshot.value.outage),
    limits: computed(() => snapshot.value.limits),
    recordsError: computed(() => snapshot.value.recordsError),
    recordsLoaded: computed(() => snapshot.value.recordsLoaded),
    add: uploads.add,
    decide: ({ row }, choice) => uploads.decide(row, choice),
    decideAll: uploads.decideAll,
    resume: uploads.resume,
    cancel: ({ row }) => uploads.cancel(row),
    cancelSoon: ({ row }) => uploads.cancelSoon(row),
    undo: ({ row }) => uploads.undo(row),
    cancelAll: uploads.cancelAll,
    dismiss: ({ row }) => uploads.dismiss(row),
    pauseAll: uploads.pauseAll,
    resumeAll: uploads.resumeAll,
    retryAll: uploads.retryAll,
    discard: uploads.discard,
    removeFinished: uploads.removeFinished,
    renameFinished: uploads.renameFinished,
    searchFinished: uploads.searchFinished,
    clearFinished: uploads.clearFinished,
    showCleared: uploads.showCleared,
    retryNow: uploads.retryNow,
    refresh: uploads.refresh,
    loadMoreFinished: uploads.loadMoreFinished,
  }
}
