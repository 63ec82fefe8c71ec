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

/** What can be done about uploads, whatever draws them: as {@link Uploads} has it. */
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

/** What {@link useUploads} answers. */
export interface UseUploadsReturn extends Actions {
  /** Uploads of this page, in the order in which a reader needs them. */
  readonly groups: Readonly<Ref<RowGroups>>
  /** What the rows of now come to. */
  readonly totals: Readonly<Ref<UploadTotals>>
  /** Rows whose state changed in the last frame, for announcing them. */
  readonly stateChanges: Readonly<Ref<readonly UploadRow[]>>
  /** Whether leaving the page would interrupt something. */
  readonly active: ComputedRef<boolean>
  /** Whose content is stored already: they wait for {@link UseUploadsReturn.decide}. */
  readonly duplicates: ComputedRef<readonly UploadRow[]>
  /** Of the duplicates those that others wait for which were added with them: of equal content, `decide` holds for them. */
  readonly answersForEquals: ComputedRef<ReadonlySet<UploadRow>>
  /** Whether others that were added with one of the duplicates may prove to be stored, too: `decideAll` holds for them. */
  readonly answersForComing: ComputedRef<boolean>
  /**
   * Left by earlier pages, other tabs or other machines, and files that an earlier page had yet to begin; without what
   * this page has taken up.
   */
  readonly unfinished: ComputedRef<readonly UnfinishedUpload[]>
  /**
   * Files under way that would have to be picked again should the page be left, for this browser could not remember them;
   * 0 while it remembers.
   */
  readonly forgettable: ComputedRef<number>
  /** Finished earlier, newest first; without what {@link UseUploadsReturn.groups} shows. */
  readonly finished: ComputedRef<readonly FinishedUpload[]>
  /** Whether {@link UseUploadsReturn.loadMoreFinished} has more to bring. */
  readonly moreFinished: ComputedRef<boolean>
  /** Whether finished uploads were taken off the list. */
  readonly cleared: ComputedRef<boolean>
  /** What is searched among the finished; empty: nothing. */
  readonly query: ComputedRef<string>
  /** Whether earlier finished uploads are being looked through. */
  readonly searching: ComputedRef<boolean>
  /** Names that this page has given to finished uploads, by id. */
  readonly names: ComputedRef<ReadonlyMap<string, string>>
  /** What uploads wait for that does not answer; `null` while everything does. */
  readonly outage: ComputedRef<Outage | null>
  /** What may be uploaded and what is left of it, as the server told last; `null`: it did not, and refuses by itself. */
  readonly limits: ComputedRef<LimitsAnswer | null>
  /** Why the earlier uploads could not be listed; `null` when they could. */
  readonly recordsError: Readonly<Ref<unknown>>
  /** Whether the earlier uploads have been listed once. */
  readonly recordsLoaded: Readonly<Ref<boolean>>

  /** Says what is to become of one of {@link UseUploadsReturn.duplicates}. */
  readonly decide: (row: UploadRow, choice: DuplicateChoice) => void
  /** As `decide` for all of them, and for those added with one of them that are still being compared. */
  readonly decideAll: (choice: DuplicateChoice) => void
  /** How unfinished uploads go on without a pick. */
  readonly autoResume: AutoResume
  /** Cancels and takes the row off the list; a cancel that does not get through shows in the row. */
  readonly cancel: (row: UploadRow) => Promise<void>
  /** Cancels in a few seconds, until when {@link UseUploadsReturn.undo} takes it back; the upload is paused meanwhile. */
  readonly cancelSoon: (row: UploadRow) => void
  /** Takes a cancel back that has not begun. */
  readonly undo: (row: UploadRow) => void
  /** Takes a failed row off the list and leaves what the store has, for another pick to continue. */
  readonly dismiss: (row: UploadRow) => void
}

/**
 * An uploader's uploads as reactive lists. Nothing of the engine is made deeply reactive, and its events are drawn
 * at most once per frame, so ten thousand files are no burden. Ends with the component or effect scope it is
 * called in; the uploader itself goes on.
 *
 * @example
 * const uploader = createUploader({ backend: '/api' })
 * const { groups, totals, add } = useUploads({ uploader })
 */
export function useUploads(options: UseUploadsOptions): UseUploadsReturn {
  const uploads = createUploads(options)
  // A server has no owner to ask for, and nothing is unmounted there.
  if (!isServerRender()) onScopeDispose(uploads.start())
  const snapshot = useStore(uploads)
  /** One part of it: what watches that is not called with every other. */
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
