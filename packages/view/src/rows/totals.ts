import type { UploadSnapshot } from '@carryon/client'
import { percentOf } from '../format/percent.js'
import type { UploadRow } from './upload-row.js'
import { canRetry, isActive, isPaused } from './upload-state.js'

/** What the uploads since the page was last idle come to. Bytes unless said otherwise. */
export interface UploadTotals {
  /** All that are counted here, done and failed ones too. */
  readonly files: number
  /** Files. */
  readonly done: number
  /** Files. */
  readonly failed: number
  /** Of the failed those that may be tried again as they are. */
  readonly retryable: number
  /** Files. */
  readonly paused: number
  /** Those that leaving the page would interrupt. */
  readonly active: number
  /** What is stored and what is on its way. Failed ones do not count into the bytes: they would hold the percent back for ever. */
  readonly loaded: number
  /** Of all files but the failed ones. */
  readonly total: number
  /** Neither done nor failed: what {@link UploadTotals.files} has beside these. */
  readonly filesLeft: number
  /** What is not sent yet of those. */
  readonly bytesLeft: number
  /** 0 to 100, of the bytes; of the files when all are empty. 100 only when all is stored. */
  readonly percent: number
  /** Bytes per second of all together; `null` while none is known. */
  readonly speed: number | null
  /** Seconds until all that is active is done at this speed; `null` while unknown. */
  readonly secondsLeft: number | null
}

/** Percent while something is on its way. */
const almostAll = 99.99

/**
 * What rows come to.
 *
 * @param stateOf how a row stands; default: as it is drawn
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
    // Thousands of files are asked for their sizes as they begin, not all at once.
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
  // No speed, or a speed of zero, says nothing of the time left.
  return {
    ...sum,
    filesLeft: sum.files - sum.done - sum.failed,
    bytesLeft: Math.max(0, sum.total - sum.loaded),
    percent,
    speed,
    secondsLeft: speed ? activeBytesLeft / speed : null,
  }
}
