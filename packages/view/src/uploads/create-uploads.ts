import type { UnfinishedUpload, Upload, UploadOptions } from '@carryon/client'
import { inNaturalOrder } from '../files/natural-order.js'
import { requestBrowserFrame } from '../rows/frame-batch.js'
import { matchQueued } from '../rows/match-files.js'
import { needsNow } from '../rows/needs-now.js'
import { browserSight } from '../rows/page-sight.js'
import type { RowGroups } from '../rows/row-groups.js'
import { RowList } from '../rows/row-list.js'
import { isCancellable, type UploadRow } from '../rows/upload-row.js'
import { canPause, canRetry, isPaused } from '../rows/upload-state.js'
import { DerivedStore, memoLast } from '../store.js'
import { addFiles } from './add-files.js'
import { answersForOthers } from './answers-for-others.js'
import { AutoResume } from './auto-resume.js'
import { DuplicateQuestions, unasked } from './duplicate-questions.js'
import { FinishedList } from './finished-list.js'
import { undoableCancel } from './undoable-cancel.js'
import { UploadRecords } from './upload-records.js'
import type { Uploads, UploadsOptions, UploadsSnapshot } from './uploads-types.js'

/**
 * A view model of an uploader's uploads: lists, totals and actions. Changes are published at most once per frame, so
 * it can handle ten thousand files. Stopping it does not stop the uploader.
 *
 * @example
 * const uploads = createUploads({ uploader: createUploader({ backend: '/api' }) })
 * const stop = uploads.start()
 * uploads.subscribe(() => console.log(uploads.snapshot.totals.percent))
 */
export function createUploads(options: UploadsOptions): Uploads {
  const { uploader, askDuplicates = false, now = Date.now } = options
  const store = new DerivedStore(read)
  const questions = new DuplicateQuestions()
  const records = new UploadRecords(uploader, changed)
  const list = new RowList({
    uploader,
    requestFrame: options.requestFrame ?? requestBrowserFrame,
    now,
    sight: options.sight ?? browserSight,
    changed,
  })
  const autoResume = new AutoResume({
    unfinished,
    took: (row, upload) => {
      took(row, upload)
      changed()
    },
    together,
    changed,
    ...(options.storage === undefined ? {} : { storage: options.storage }),
  })
  const undoable = undoableCancel(cancel)
  const finished = new FinishedList(records, options.storage)

  /** Resumed uploads by their unfinished id, so that they leave the unfinished list before the server answers. */
  const taken = new Map<string, Upload>()
  const answers = memoLast((groups: RowGroups) => answersForOthers(groups, questions))
  // Also recomputed whenever rows were added or removed, because the ids then change.
  const notTaken = memoLast(
    (listed: readonly UnfinishedUpload[], ids: ReadonlySet<string>, taking: number) => {
      const left = listed.filter(({ id }) => !ids.has(id))
      if (taking === 0) return left
      const uploads = new Set(uploader.uploads)
      return left.filter(({ id }) => {
        const upload = taken.get(id)
        return upload === undefined || !(list.has(upload) || uploads.has(upload))
      })
    },
  )
  /** Number of uploads resumed so far. */
  let takenUp = 0

  function unfinished(): readonly UnfinishedUpload[] {
    return notTaken(records.unfinished, list.ids, takenUp)
  }

  function read(): UploadsSnapshot {
    const { groups, totals, outage, stateChanges, ids } = list
    const { equals, coming } = answers(groups)
    return {
      groups,
      totals,
      stateChanges,
      outage,
      active: totals.active > 0,
      duplicates: groups.asked,
      answersForEquals: equals,
      answersForComing: coming,
      unfinished: unfinished(),
      forgettable: uploader.remembers ? 0 : totals.active,
      finished: finished.uploads(ids),
      moreFinished: finished.hasMore,
      cleared: finished.isCleared,
      query: records.query,
      searching: records.isSearching,
      names: records.names,
      limits: records.limits,
      recordsError: records.error,
      recordsLoaded: records.loaded,
      automatic: autoResume.automatic,
      troubles: autoResume.troubles,
    }
  }

  function changed(): void {
    store.expire()
    autoResume.follow()
    store.changed()
  }

  function together() {
    return askDuplicates ? questions.together() : unasked
  }

  function took({ id, state }: UnfinishedUpload, upload: Upload): void {
    // A queued row never comes back: from now on the file belongs to the upload, or to a row of the server.
    if (state === 'queued') records.forget(id)
    else taken.set(id, upload)
    takenUp += 1
    store.expire()
  }

  function add(files: Iterable<File>): Promise<void> {
    const picked = inNaturalOrder(Array.from(files))
    // Not awaited: the first byte must not wait for disk access.
    void uploader.picked(picked)
    const { begin } = together()
    const needs = (row: UnfinishedUpload) => needsNow(row, autoResume.troubles.get(row.id))
    return addFiles(matchQueued(unfinished(), picked, needs), {
      list,
      begin: (file, row) =>
        begin((how) => (row === null ? uploader.upload(file, how) : row.resume(file, how))),
      took: (rows) => {
        for (const row of rows) records.forget(row.id)
        takenUp += 1
        store.expire()
      },
      gaveBack: (rows) => {
        for (const row of rows) records.recall(row.id)
      },
      changed,
    })
  }

  function resumeWith(
    row: UnfinishedUpload,
    file: File,
    begin: (begin: (options: UploadOptions) => Upload) => Upload,
  ): void {
    took(
      row,
      begin((how) => row.resume(file, how)),
    )
  }

  async function cancel(row: UploadRow): Promise<void> {
    row.cancelling = 'yes'
    try {
      await row.upload.cancel()
    } catch {
      row.cancelling = 'failed'
      return
    }
    if (row.upload.id !== null) records.forget(row.upload.id)
    uploader.remove(row.upload)
    changed()
  }

  async function removeFinished(id: string): Promise<void> {
    await records.removeFinished(id)
    // Several files of this page may have turned out to be this upload.
    for (const { upload } of list.rows()) if (upload.id === id) uploader.remove(upload)
    // Removing it freed quota, so refresh the limits.
    void records.refresh()
  }

  async function clearFinished(): Promise<void> {
    for (const { upload } of list.rows()) if (upload.snapshot.state === 'done') uploader.remove(upload)
    await finished.clear()
    changed()
  }

  async function cancelAll(): Promise<void> {
    const rows = list.rows().filter(({ upload, cancelling }) => isCancellable(upload.snapshot, cancelling))
    await Promise.all(rows.map(cancel))
  }

  return {
    get snapshot() {
      return store.snapshot
    },
    subscribe: store.subscribe,
    start: () => {
      list.start()
      autoResume.start()
      void records.refresh()
      return () => {
        undoable.carryOut()
        list.stop()
        autoResume.stop()
      }
    },
    add,
    decide: ({ upload }, choice) => questions.answer(upload, choice),
    decideAll: (choice) => questions.answerAll(choice),
    resume: (row, file) => {
      void uploader.picked([file])
      resumeWith(row, file, together().begin)
      changed()
    },
    setAutomatic: (automatic) => autoResume.choose(automatic),
    resumeOne: (row) => autoResume.resumeOne(row),
    resumeSeveral: (rows) => autoResume.resumeAll(rows),
    leaveAlone: (row) => autoResume.leaveAlone(row),
    cancel,
    cancelSoon: undoable.cancelSoon,
    undo: undoable.undo,
    cancelAll,
    dismiss: (row) => {
      uploader.remove(row.upload)
      void records.refresh()
    },
    pauseAll: () => {
      for (const { upload } of list.rows()) if (canPause(upload.snapshot)) upload.pause()
    },
    resumeAll: () => {
      for (const { upload, cancelling } of list.rows()) {
        if (isPaused(upload.snapshot) && cancelling === 'no') upload.resume()
      }
    },
    retryAll: () => {
      for (const { upload } of list.rows()) if (canRetry(upload.snapshot)) upload.resume()
    },
    discard: (row) => {
      autoResume.leaveAlone(row)
      return records.discard(row)
    },
    removeFinished,
    renameFinished: (id, name) => records.renameFinished(id, name),
    searchFinished: (query) => records.search(query),
    clearFinished,
    showCleared: () => {
      finished.restore()
      changed()
    },
    retryNow: () => uploader.retryNow(),
    refresh: records.refresh,
    loadMoreFinished: records.loadMore,
  }
}
