import { createFakeUpload } from '@carryon/view/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { createUploadRow } from './rows/upload-row.js'
import { undoTime, useUndoableCancel } from './use-undoable-cancel.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start() {
  const upload = createFakeUpload({ name: 'a', size: 1000, type: '' }, 'a')
  upload.show({ state: 'uploading', progress: { loaded: 400 } })
  const row = createUploadRow(upload, 1)
  const cancel = vi.fn(async () => undefined)
  const scope = effectScope()
  const cancelling = scope.run(() => useUndoableCancel(cancel)) as ReturnType<typeof useUndoableCancel>
  return { upload, row, cancel, scope, ...cancelling }
}

describe('a cancel', () => {
  it('pauses the upload, and cancels it once nothing can be taken back any more', () => {
    const { upload, row, cancel, cancelSoon } = start()
    cancelSoon(row)
    expect(upload.snapshot.state).toBe('paused')
    expect(row.cancelling.value).toBe('soon')
    vi.advanceTimersByTime(undoTime - 1)
    expect(cancel).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(cancel).toHaveBeenCalledExactlyOnceWith(row)
  })

  it('that is taken back lets the upload go on, and never comes', () => {
    const { upload, row, cancel, cancelSoon, undo } = start()
    cancelSoon(row)
    undo(row)
    expect(upload.snapshot.state).toBe('uploading')
    expect(row.cancelling.value).toBe('no')
    vi.advanceTimersByTime(2 * undoTime)
    expect(cancel).not.toHaveBeenCalled()
  })

  it('that is taken back leaves paused what was paused, and failed what had failed', () => {
    const { upload, row, cancelSoon, undo } = start()
    for (const state of ['paused', 'failed'] as const) {
      upload.show({ state })
      cancelSoon(row)
      undo(row)
      expect(upload.snapshot.state).toBe(state)
    }
  })

  it('comes once, however often it is asked for', () => {
    const { row, cancel, cancelSoon } = start()
    cancelSoon(row)
    cancelSoon(row)
    vi.advanceTimersByTime(2 * undoTime)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('does not come when it was cancelled otherwise meanwhile, and cannot be taken back then', () => {
    const { upload, row, cancel, cancelSoon, undo } = start()
    cancelSoon(row)
    row.cancelling.value = 'yes'
    undo(row)
    expect(upload.snapshot.state).toBe('paused')
    vi.advanceTimersByTime(undoTime)
    expect(cancel).not.toHaveBeenCalled()
    expect(row.cancelling.value).toBe('yes')
  })

  it('leaves alone what another tab has finished meanwhile', () => {
    const { upload, row, cancel, cancelSoon } = start()
    cancelSoon(row)
    upload.show({ state: 'done' })
    vi.advanceTimersByTime(undoTime)
    expect(cancel).not.toHaveBeenCalled()
    expect(row.cancelling.value).toBe('no')
  })

  it('is not put off where there is nothing to pause', () => {
    const { upload, row, cancel, cancelSoon } = start()
    upload.show({ state: 'finishing' })
    cancelSoon(row)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('is carried out when its list is left', () => {
    const { row, cancel, cancelSoon, scope } = start()
    cancelSoon(row)
    scope.stop()
    expect(cancel).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(undoTime)
    expect(cancel).toHaveBeenCalledOnce()
  })
})
