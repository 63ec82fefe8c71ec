import type { UploadRow } from '../rows/upload-row.js'
import { canPause } from '../rows/upload-state.js'

/** Milliseconds during which a cancel can be undone. */
export const undoTime = 8_000

export interface UndoableCancel {
  /**
   * Cancels after {@link undoTime}: until then the upload is paused, keeps everything stored, and
   * {@link UndoableCancel.undo} undoes the cancel. An upload that is finishing, or was cancelled in another tab, is
   * cancelled at once.
   */
  readonly cancelSoon: (row: UploadRow) => void
  /** Undoes a cancel that has not been carried out; resumes the upload if it was running. */
  readonly undo: (row: UploadRow) => void
  /** Carries out all pending cancels now, because the user can no longer undo them. */
  readonly carryOut: () => void
}

interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>
  /** Whether it was sending or waiting to send. */
  readonly wasRunning: boolean
}

/** @param cancel cancels permanently and shows the outcome in the row */
export function undoableCancel(cancel: (row: UploadRow) => Promise<void>): UndoableCancel {
  const waiting = new Map<UploadRow, Waiting>()

  function end(row: UploadRow): void {
    waiting.delete(row)
    // `cancelAll` may have cancelled it already.
    if (row.cancelling !== 'soon') return
    // Another tab may have finished it meanwhile. A cancel never deletes a finished file.
    if (row.upload.snapshot.state === 'done') row.cancelling = 'no'
    else void cancel(row)
  }

  return {
    cancelSoon: (row) => {
      const { upload } = row
      const { state } = upload.snapshot
      if (state === 'finishing' || state === 'cancelled') {
        void cancel(row)
        return
      }
      if (waiting.has(row)) return
      const wasRunning = canPause(upload.snapshot)
      if (wasRunning) upload.pause()
      row.cancelling = 'soon'
      waiting.set(row, { timer: setTimeout(() => end(row), undoTime), wasRunning })
    },
    undo: (row) => {
      const cancelling = waiting.get(row)
      if (cancelling === undefined || row.cancelling !== 'soon') return
      waiting.delete(row)
      clearTimeout(cancelling.timer)
      row.cancelling = 'no'
      if (cancelling.wasRunning) row.upload.resume()
    },
    carryOut: () => {
      for (const [row, { timer }] of waiting) {
        clearTimeout(timer)
        end(row)
      }
    },
  }
}
