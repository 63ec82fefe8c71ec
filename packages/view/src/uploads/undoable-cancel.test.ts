import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UploadRow } from '../rows/upload-row.js'
import { createFakeUpload } from '../testing/fake-upload.js'
import { undoableCancel, undoTime } from './undoable-cancel.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start() {
  const upload = createFakeUpload({ name: 'a', size: 1000, type: '' }, 'a')
  upload.show({ state: 'uploading', progress: { loaded: 400 } })
  const row = new UploadRow(upload, 1)
  const cancel = vi.fn(async () => undefined)
  return { upload, row, cancel, ...undoableCancel(cancel) }
}

describe('a cancel', () => {
  it('pauses the upload, and cancels it once nothing can be taken back any more', () => {
    const { upload, row, cancel, cancelSoon } = start()
    cancelSoon(row)
    expect(upload.snapshot.state).toBe('paused')
    expect(row.cancelling).toBe('soon')
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
    expect(row.cancelling).toBe('no')
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
    row.cancelling = 'yes'
    undo(row)
    expect(upload.snapshot.state).toBe('paused')
    vi.advanceTimersByTime(undoTime)
    expect(cancel).not.toHaveBeenCalled()
    expect(row.cancelling).toBe('yes')
  })

  it('leaves alone what another tab has finished meanwhile', () => {
    const { upload, row, cancel, cancelSoon } = start()
    cancelSoon(row)
    upload.show({ state: 'done' })
    vi.advanceTimersByTime(undoTime)
    expect(cancel).not.toHaveBeenCalled()
    expect(row.cancelling).toBe('no')
  })

  it('is not put off where there is nothing to pause', () => {
    const { upload, row, cancel, cancelSoon } = start()
    upload.show({ state: 'finishing' })
    cancelSoon(row)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('is carried out when its list is left', () => {
    const { row, cancel, cancelSoon, carryOut } = start()
    cancelSoon(row)
    carryOut()
    expect(cancel).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(undoTime)
    expect(cancel).toHaveBeenCalledOnce()
  })
})
