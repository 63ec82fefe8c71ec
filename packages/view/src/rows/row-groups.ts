import type { UploadRow } from './upload-row.js'
import { askedAbout, isActive, isPaused } from './upload-state.js'

/** Rows in the order in which a reader needs them. */
export interface RowGroups {
  /**
   * Under way, paused or failed, in the order of picking; then those that wait for their turn. Of a long list what is under
   * way comes first, for its other rows may fill the screen.
   */
  readonly open: readonly UploadRow[]
  /** Latest first. */
  readonly done: readonly UploadRow[]
  /** Those of {@link RowGroups.open} whose reader is asked what is to become of a file that is stored already. */
  readonly asked: readonly UploadRow[]
}

/** Sorts rows into groups; what is cancelled and gone is in none. */
export function groupRows(rows: Iterable<UploadRow>, isLong = false): RowGroups {
  const current: UploadRow[] = []
  const still: UploadRow[] = []
  const queued: UploadRow[] = []
  const done: UploadRow[] = []
  const asked: UploadRow[] = []
  for (const row of rows) {
    const { state, waitReason } = row.shown
    // A cancelled upload stays in sight until the store holds nothing of it any more, for that can fail.
    const gone = state === 'cancelled' && row.cancelling === 'no'
    if (state === 'done') done.push(row)
    else if (state === 'waiting' && waitReason === 'queue') queued.push(row)
    else if (isLong && isStill(row)) still.push(row)
    else if (!gone) current.push(row)
    if (askedAbout(row.shown) !== null) asked.push(row)
  }
  done.sort((a, b) => time(b) - time(a) || b.key - a.key)
  return { open: [...current, ...still, ...queued], done, asked }
}

/** Rows that are brought to the head of a list at once. */
const headLength = 5

/**
 * Brings some of what is under way to the head of a long list until it is grouped anew: small files are done long before
 * that, and its head would show nothing that moves.
 *
 * @param rows all of them
 * @returns the same groups while something under way is at their head, or nothing is under way
 */
export function withWorkFirst(groups: RowGroups, rows: Iterable<UploadRow>): RowGroups {
  const [first] = groups.open
  if (first !== undefined && isUnderWay(first)) return groups
  const running = new Set<UploadRow>()
  for (const row of rows) {
    if (isUnderWay(row)) running.add(row)
    if (running.size === headLength) break
  }
  if (running.size === 0) return groups
  return { ...groups, open: [...running, ...groups.open.filter((row) => !running.has(row))] }
}

function isUnderWay({ shown }: UploadRow): boolean {
  return isActive(shown) && shown.state !== 'waiting'
}

/** It waits for a person: in a short list it keeps its place, so that nothing moves away under a click. */
function isStill({ shown }: UploadRow): boolean {
  return shown.state === 'failed' || isPaused(shown)
}

function time(row: UploadRow): number {
  return row.finishedAt?.getTime() ?? 0
}
