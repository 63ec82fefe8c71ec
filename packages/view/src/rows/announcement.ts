import { formatBytes } from '../format/bytes.js'
import type { Messages } from '../language/messages.js'
import { ValueStore, type Store } from '../store.js'
import { browserIsOnline, outageAmong } from './outage.js'
import { stateWords } from './row-words.js'
import type { UploadRow } from './upload-row.js'

/** Milliseconds in which changes are gathered. */
const gathering = 1_500
/** Milliseconds between two announcements, so that a screen reader can finish one. */
const pause = 5_000
/** Reasons of failures that are told of at once; the rows have all. */
const mostReasons = 3

/** What is said to assistive technology: the text of an element with `role="status"`. */
export interface Announcement extends Store<string> {
  /** Rows whose state changed, or that began to lose something: `stateChanges` of the uploads' snapshot. */
  readonly tell: (changes: readonly UploadRow[]) => void
  /** What is not said yet never is. */
  readonly stop: () => void
}

/**
 * Makes words of changes of state: a single one by file and state, many as counts. That something is lost in the store, and
 * the figures have gone back, is said once of each loss.
 *
 * @param messages in the language of now
 */
export function createAnnouncement(
  messages: () => Messages,
  now: () => number = () => performance.now(),
): Announcement {
  const words = new ValueStore('')
  /** Each with the loss that is to be told of it. */
  const gathered = new Map<UploadRow, number>()
  const losing = new Set<UploadRow>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** When something was said last. */
  let saidAt = -Infinity

  function say(): void {
    timer = undefined
    saidAt = now()
    const [first, ...others] = gathered
    if (first !== undefined) words.set(others.length === 0 ? wordsOf(...first) : wordsOfSeveral())
    gathered.clear()
  }

  function wordsOf(row: UploadRow, lost: number): string {
    const told = [stateWords(row.snapshot, messages()), ...reasonsOf([row])]
    if (lost > 0) told.push(messages().lost(formatBytes(lost, messages().locale)))
    return messages().stateChange(row.upload.file.name, told.join(messages().comma))
  }

  /** Many that begin to wait for the same are told of by that. */
  function wordsOfSeveral(): string {
    const rows = [...gathered.keys()]
    const snapshots = rows.map(({ snapshot }) => snapshot)
    const count = (wanted: 'done' | 'failed') => snapshots.filter(({ state }) => state === wanted).length
    const changes = messages().changes({
      done: count('done'),
      failed: count('failed'),
      losing: [...gathered.values()].filter((lost) => lost > 0).length,
      reasons: reasonsOf(rows),
    })
    const away = outageAmong(snapshots, browserIsOnline)
    const told = [changes, away === null ? '' : messages().outages[away.of]]
    return told.filter((words) => words !== '').join(' ')
  }

  /** Why rows have failed: each reason once. */
  function reasonsOf(rows: readonly UploadRow[]): readonly string[] {
    const codes = rows.flatMap(({ snapshot: { state, error } }) =>
      state === 'failed' && error !== undefined ? [error.code] : [],
    )
    return [...new Set(codes)].slice(0, mostReasons).map((code) => messages().errors[code].title)
  }

  /** Bytes whose loss was not told of yet. */
  function newlyLost(row: UploadRow): number {
    const { lost } = row.snapshot.progress
    if (lost === 0) losing.delete(row)
    if (lost === 0 || losing.has(row)) return 0
    losing.add(row)
    return lost
  }

  return {
    get snapshot() {
      return words.snapshot
    },
    subscribe: words.subscribe,
    tell: (changes) => {
      for (const row of changes) {
        const { state, waitReason } = row.snapshot
        const lost = newlyLost(row)
        // Steps on the way and the queue say nothing that somebody could act on.
        const passing = state === 'identifying' || state === 'opening' || waitReason === 'queue'
        if (!passing || lost > 0) gathered.set(row, Math.max(lost, gathered.get(row) ?? 0))
      }
      if (gathered.size > 0) {
        timer ??= setTimeout(say, Math.max(gathering, saidAt + pause - now()))
      }
    },
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
