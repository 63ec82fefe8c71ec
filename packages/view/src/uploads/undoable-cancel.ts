import type { UploadRow } from '../rows/upload-row.js'
import { canPause } from '../rows/upload-state.js'

/** Milliseconds in which a cancel can be taken back. */
export const undoTime = 8_000

export interface UndoableCancel {
  /**
   * Cancels soon: until then the upload is paused, keeps all that is stored, and {@link UndoableCancel.undo} takes the
   * cancel back. What is finishing, or was cancelled in another tab, is cancelled at once.
   */
  readonly cancelSoon: (row: UploadRow) => void
  /** Takes a cancel back that has not begun; what was sending goes on. */
  readonly undo: (row: UploadRow) => void
  /** Cancels now whatever waits for it: whoever could take it back is leaving. */
  readonly carryOut: () => void
}

interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>
  /** Whether it was sending, or waiting to. */
  readonly wasRunning: boolean
}

/** @param cancel for good; what becomes of it shows in the row */
export function undoableCancel(cancel: (row: UploadRow) => Promise<void>): UndoableCancel {
  const waiting = new Map<UploadRow, Waiting>()

  function end(row: UploadRow): void {
    waiting.delete(row)
    // With all others it may have been cancelled already.
    if (row.cancelling !== 'soon') return
    // Another tab may have finished it meanwhile. A finished file is never deleted by a cancel.
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
