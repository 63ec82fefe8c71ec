import { formatBytes } from '../format/bytes.js'
import type { Messages } from '../language/messages.js'
import { ValueStore, type Store } from '../store.js'
import { browserIsOnline, outageAmong } from './outage.js'
import { stateWords } from './row-words.js'
import type { UploadRow } from './upload-row.js'

/** Milliseconds over which changes are collected. */
const gathering = 1_500
/** Milliseconds between two announcements, so that a screen reader can finish one. */
const pause = 5_000
/** Most failure reasons in one announcement; the rows show all of them. */
const mostReasons = 3

/** Announcements for assistive technology: the text of an element with `role="status"`. */
export interface Announcement extends Store<string> {
  /** Rows whose state changed, or that began to lose something: `stateChanges` of the uploads' snapshot. */
  readonly tell: (changes: readonly UploadRow[]) => void
  /** Drops everything that has not been announced yet. */
  readonly stop: () => void
}

/**
 * Turns state changes into announcements: a single change by file and state, several as counts. If stored data is lost, so
 * that the figures drop, each loss is announced once.
 *
 * @param messages in the current language
 */
export function createAnnouncement(
  messages: () => Messages,
  now: () => number = () => performance.now(),
): Announcement {
  const words = new ValueStore('')
  /** Changed rows, each with the loss to announce for it. */
  const gathered = new Map<UploadRow, number>()
  const losing = new Set<UploadRow>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** When the last announcement was made. */
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

  /** Several rows that begin to wait for the same thing are announced together. */
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

  /** Why rows failed, each reason once. */
  function reasonsOf(rows: readonly UploadRow[]): readonly string[] {
    const codes = rows.flatMap(({ snapshot: { state, error } }) =>
      state === 'failed' && error !== undefined ? [error.code] : [],
    )
    return [...new Set(codes)].slice(0, mostReasons).map((code) => messages().errors[code].title)
  }

  /** Bytes whose loss has not been announced yet. */
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
        // Nobody can act on intermediate steps or on waiting in the queue.
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
