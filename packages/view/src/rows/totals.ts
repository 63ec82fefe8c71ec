import type { UploadSnapshot } from '@carryon/client'
import { percentOf } from '../format/percent.js'
import type { UploadRow } from './upload-row.js'
import { canRetry, isActive, isPaused } from './upload-state.js'

/** Totals of the uploads since the page was last idle. In bytes unless noted otherwise. */
export interface UploadTotals {
  /** Number of files, including those that are done or failed. */
  readonly files: number
  /** Files. */
  readonly done: number
  /** Files. */
  readonly failed: number
  /** Failed files that can be retried as they are. */
  readonly retryable: number
  /** Files. */
  readonly paused: number
  /** Files whose upload leaving the page would interrupt. */
  readonly active: number
  /** Stored and in flight. Failed files are not counted in bytes, because they would hold the percentage back forever. */
  readonly loaded: number
  /** Size of all files except the failed ones. */
  readonly total: number
  /** Number of files that are neither done nor failed. */
  readonly filesLeft: number
  /** What remains to be sent of {@link UploadTotals.filesLeft}. */
  readonly bytesLeft: number
  /** 0 to 100, by bytes, or by files if all are empty. 100 only when everything is stored. */
  readonly percent: number
  /** Total bytes per second; `null` while unknown. */
  readonly speed: number | null
  /** Seconds until all active uploads are done at this speed; `null` while unknown. */
  readonly secondsLeft: number | null
}

/** Highest percentage while something is unfinished. */
const almostAll = 99.99

/**
 * Adds up the rows.
 *
 * @param stateOf snapshot of a row; default: the one that is drawn
 */
export function totalsOf(
  rows: Iterable<UploadRow>,
  stateOf: (row: UploadRow) => UploadSnapshot = ({ shown }) => shown,
): UploadTotals {
  const sum = { files: 0, done: 0, failed: 0, retryable: 0, paused: 0, active: 0, loaded: 0, total: 0 }
  let stored = 0
  let speed: number | null = null
  let activeBytesLeft = 0
  let toBegin = 0
  for (const row of rows) {
    if (row.settled) continue
    const snapshot = stateOf(row)
    const { state, progress } = snapshot
    if (state === 'cancelled') continue
    sum.files += 1
    if (state === 'failed') {
      sum.failed += 1
      if (canRetry(snapshot)) sum.retryable += 1
      continue
    }
    if (state === 'done') sum.done += 1
    if (isPaused(snapshot)) sum.paused += 1
    const active = isActive(snapshot)
    if (active) sum.active += 1
    // With thousands of files, each size is read when its upload begins, not all at once.
    if (!row.hasBegun) {
      toBegin += 1
      continue
    }
    sum.loaded += progress.sent
    sum.total += progress.total
    stored += progress.loaded
    if (active) activeBytesLeft += progress.total - progress.sent
    if (state === 'uploading' && progress.speed !== null) speed = (speed ?? 0) + progress.speed
  }
  const sent = sum.total > 0 ? percentOf(sum.loaded, sum.total) : percentOf(sum.done, sum.files)
  const percent = stored < sum.total || toBegin > 0 ? Math.min(almostAll, sent) : sent
  // Without a speed the time left is unknown.
  return {
    ...sum,
    filesLeft: sum.files - sum.done - sum.failed,
    bytesLeft: Math.max(0, sum.total - sum.loaded),
    percent,
    speed,
    secondsLeft: speed ? activeBytesLeft / speed : null,
  }
}
