import type { UploadRow } from './upload-row.js'
import { askedAbout, isActive, isPaused } from './upload-state.js'

/** Rows grouped and ordered for the reader. */
export interface RowGroups {
  /**
   * Under way, paused or failed, in the order of picking; then those that wait for their turn. In a long list those under
   * way come first, because the others may fill the screen.
   */
  readonly open: readonly UploadRow[]
  /** Latest first. */
  readonly done: readonly UploadRow[]
  /** Those of {@link RowGroups.open} that ask what to do with a file that is already stored. */
  readonly asked: readonly UploadRow[]
}

/** Sorts rows into groups; cancelled uploads that are gone are in none. */
export function groupRows(rows: Iterable<UploadRow>, isLong = false): RowGroups {
  const current: UploadRow[] = []
  const still: UploadRow[] = []
  const queued: UploadRow[] = []
  const done: UploadRow[] = []
  const asked: UploadRow[] = []
  for (const row of rows) {
    const { state, waitReason } = row.shown
    // A cancelled upload stays visible until it has been removed from the store, because that can fail.
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

/** Rows moved to the top of a list at a time. */
const headLength = 5

/**
 * Moves some uploads that are under way to the top of a long list until it is grouped again: small files finish long before
 * that, and nothing at its top would move.
 *
 * @param rows all rows
 * @returns the same groups if an upload under way is at their top, or none is under way
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

/** Whether it waits for a person: in a short list it keeps its place, so that it does not move away under a click. */
function isStill({ shown }: UploadRow): boolean {
  return shown.state === 'failed' || isPaused(shown)
}

function time(row: UploadRow): number {
  return row.finishedAt?.getTime() ?? 0
}
