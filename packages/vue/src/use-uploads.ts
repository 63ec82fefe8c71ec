import type { DuplicateChoice, FinishedUpload, UnfinishedUpload, Upload, Uploader } from '@carryon/client'
import {
  browserSight,
  canPause,
  canRetry,
  DuplicateQuestions,
  inSlices,
  isPaused,
  matchQueued,
  needsNow,
  requestBrowserFrame,
  unasked,
  type PageSight,
  type RequestFrame,
} from '@carryon/view'
import { computed, onScopeDispose, shallowRef, triggerRef, type ComputedRef, type ShallowRef } from 'vue'
import type { RowGroups } from './rows/row-groups.js'
import { RowList } from './rows/row-list.js'
import type { UploadTotals } from './rows/totals.js'
import { isServerRender } from './server-render.js'
import { isCancellable, type UploadRow } from './rows/upload-row.js'
import { useAnswersForOthers } from './use-answers-for-others.js'
import { useAutoResume, type AutoResume } from './use-auto-resume.js'
import { useUploadRecords } from './use-upload-records.js'
import { useUndoableCancel } from './use-undoable-cancel.js'

/** Options of {@link useUploads}. */
export interface UseUploadsOptions {
  readonly uploader: Uploader
  /**
   * Let files that are stored already wait in {@link UseUploadsReturn.duplicates} until it is decided about them.
   * Default: no; the uploader's `onDuplicate` holds.
   */
  readonly askDuplicates?: boolean
  /** When changes are drawn. Default: once per animation frame. */
  readonly requestFrame?: RequestFrame
  /** Whether anybody can see the page. Default: what the browser says. */
  readonly sight?: PageSight
  /** Unix milliseconds. Default: `Date.now`. */
  readonly now?: () => number
}

/** What {@link useUploads} answers. */
export interface UseUploadsReturn {
  /** Uploads of this page, in the order in which a reader needs them. */
  readonly groups: Readonly<ShallowRef<RowGroups>>
  readonly totals: Readonly<ShallowRef<UploadTotals>>
  /** Rows whose state changed in the last frame, for announcing them. */
  readonly stateChanges: Readonly<ShallowRef<readonly UploadRow[]>>
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
  /** Why the earlier uploads could not be listed; `null` when they could. */
  readonly recordsError: Readonly<ShallowRef<unknown>>
  /** Whether the earlier uploads have been listed once. */
  readonly recordsLoaded: Readonly<ShallowRef<boolean>>

  /**
   * Adds files, a few milliseconds' worth at a time, so that thousands do not freeze the page. Those that
   * {@link UseUploadsReturn.unfinished} still waits for, by name, size and time, are taken up.
   */
  readonly add: (files: Iterable<File>) => Promise<void>
  /** Says what is to become of one of {@link UseUploadsReturn.duplicates}. */
  readonly decide: (row: UploadRow, choice: DuplicateChoice) => void
  /** As `decide` for all of them, and for those added with one of them that are still being compared. */
  readonly decideAll: (choice: DuplicateChoice) => void
  /** Continues an unfinished upload with the file that was picked for it. */
  readonly resume: (upload: UnfinishedUpload, file: File) => void
  /** How unfinished uploads go on without a pick. */
  readonly autoResume: AutoResume
  /** Cancels and takes the row off the list; a cancel that does not get through shows in the row. */
  readonly cancel: (row: UploadRow) => Promise<void>
  /** Cancels in a few seconds, until when {@link UseUploadsReturn.undo} takes it back; the upload is paused meanwhile. */
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
  /** Removes an unfinished upload for good. Rejects with an `UploadError` when that does not get through. */
  readonly discard: (upload: UnfinishedUpload) => Promise<void>
  /** Asks the server again for unfinished and finished uploads. */
  readonly refresh: () => Promise<void>
  /** Brings the next page of {@link UseUploadsReturn.finished}. */
  readonly loadMoreFinished: () => Promise<void>
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
  const { uploader, askDuplicates = false, requestFrame = requestBrowserFrame, now = Date.now } = options
  const list = new RowList(uploader, requestFrame, now, options.sight ?? browserSight)
  const records = useUploadRecords(uploader)
  const questions = new DuplicateQuestions()
  onScopeDispose(() => list.stop())
  // A server has no owner to ask for, and nothing is unmounted there.
  const isOnServer = isServerRender()
  if (isOnServer) list.stop()
  else void records.refresh()

  const notLive = <T extends { readonly id: string }>(uploads: readonly T[]) =>
    uploads.filter(({ id }) => !list.ids.value.has(id))

  /** What goes on, by the id of what it was: it is no longer unfinished before the server is asked. */
  const taken = shallowRef(new Map<string, Upload>())

  function took({ id, state }: UnfinishedUpload, upload: Upload): void {
    // That row never comes back: what becomes of the file is the upload's, or a row of the server's.
    if (state === 'queued') records.forget(id)
    else {
      taken.value.set(id, upload)
      triggerRef(taken)
    }
  }

  const unfinished = computed(() => {
    const uploads = new Set(uploader.uploads)
    const isTaken = (id: string): boolean => {
      const upload = taken.value.get(id)
      return upload !== undefined && (list.has(upload) || uploads.has(upload))
    }
    // Looked at anew whenever rows have come or gone: then the ids are new, too.
    return notLive(records.unfinished.value).filter(({ id }) => !isTaken(id))
  })
  const together = () => (askDuplicates ? questions.together() : unasked)
  const autoResume = useAutoResume(unfinished, took, together)

  const remembers = shallowRef(uploader.remembers)
  if (!isOnServer) {
    onScopeDispose(
      uploader.on('change', () => {
        remembers.value = uploader.remembers
      }),
    )
  }

  function add(files: Iterable<File>): Promise<void> {
    const picked = Array.from(files)
    // Not waited for: the first byte is not to wait for a disk.
    void uploader.picked(picked)
    const { begin } = together()
    const needs = (row: UnfinishedUpload) => needsNow(row, autoResume.troubles.value.get(row.id))
    return inSlices(matchQueued(unfinished.value, picked, needs), ([file, row]) => {
      if (row === null) begin((how) => uploader.upload(file, how))
      else resume(row, file, begin)
    })
  }

  function resume(row: UnfinishedUpload, file: File, begin = together().begin): void {
    took(
      row,
      begin((how) => row.resume(file, how)),
    )
  }

  async function cancel(row: UploadRow): Promise<void> {
    row.cancelling.value = 'yes'
    try {
      await row.upload.cancel()
    } catch {
      row.cancelling.value = 'failed'
      return
    }
    if (row.upload.id !== null) records.forget(row.upload.id)
    uploader.remove(row.upload)
  }

  const { cancelSoon, undo } = useUndoableCancel(cancel)

  async function cancelAll(): Promise<void> {
    await Promise.all(list.rows().filter(isCancellable).map(cancel))
  }

  function dismiss(row: UploadRow): void {
    uploader.remove(row.upload)
    void records.refresh()
  }

  return {
    groups: list.groups,
    totals: list.totals,
    stateChanges: list.stateChanges,
    active: computed(() => list.totals.value.active > 0),
    duplicates: computed(() => list.groups.value.asked),
    ...useAnswersForOthers(list.groups, questions),
    unfinished,
    forgettable: computed(() => (remembers.value ? 0 : list.totals.value.active)),
    autoResume,
    finished: computed(() => notLive(records.finished.value)),
    moreFinished: computed(() => records.next.value !== null),
    recordsError: records.error,
    recordsLoaded: records.loaded,
    add,
    decide: ({ upload }, choice) => questions.answer(upload, choice),
    decideAll: (choice) => questions.answerAll(choice),
    resume: (upload, file) => {
      void uploader.picked([file])
      resume(upload, file)
    },
    cancel,
    cancelSoon,
    undo,
    cancelAll,
    dismiss,
    pauseAll: () => {
      for (const { upload } of list.rows()) if (canPause(upload.snapshot)) upload.pause()
    },
    resumeAll: () => {
      for (const { upload, cancelling } of list.rows()) {
        if (isPaused(upload.snapshot) && cancelling.value === 'no') upload.resume()
      }
    },
    retryAll: () => {
      for (const { upload } of list.rows()) if (canRetry(upload.snapshot)) upload.resume()
    },
    discard: (upload) => {
      autoResume.leaveAlone(upload)
      return records.discard(upload)
    },
    refresh: records.refresh,
    loadMoreFinished: records.loadMore,
  }
}
