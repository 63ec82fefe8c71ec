import type { UploadSnapshot } from '@carryon/client'

/** What does not answer: this device has no network, nothing does, the server, or storage. */
export type OutageOf = 'offline' | 'network' | 'server' | 'storage'

/** Something that uploads wait for, and that answers none of them. */
export interface Outage {
  /** What does not answer. */
  readonly of: OutageOf
  /** When this page saw the first of them wait, Unix milliseconds. */
  readonly since: number
  /** When the first of them tries again, Unix milliseconds; `null` while nobody knows. */
  readonly retryAt: number | null
  /** How many wait for it. */
  readonly uploads: number
}

/** What a waiting upload waits for; `null`: nothing is out of order, or it is another's turn. */
export function outageOf(snapshot: UploadSnapshot, isOnline: () => boolean): OutageOf | null {
  const { state, waitReason, lastError } = snapshot
  if (state !== 'waiting') return null
  if (waitReason === 'store-unreachable') return 'storage'
  if (waitReason === 'service') return lastError?.code === 'store-unavailable' ? 'storage' : 'server'
  if (waitReason !== 'network') return null
  if (!isOnline()) return 'offline'
  return isOfServer(lastError?.cause) ? 'server' : 'network'
}

/** A call of the server that no answer came to. */
function isOfServer(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'BackendError'
}

/** What most that wait do wait for. */
export function outageAmong(
  snapshots: Iterable<UploadSnapshot>,
  isOnline: () => boolean,
): Omit<Outage, 'since'> | null {
  const found = new Map<OutageOf, { retryAt: number | null; uploads: number }>()
  for (const snapshot of snapshots) {
    const of = outageOf(snapshot, isOnline)
    if (of === null) continue
    const seen = found.get(of) ?? { retryAt: null, uploads: 0 }
    const { retryAt = null } = snapshot
    found.set(of, {
      uploads: seen.uploads + 1,
      retryAt: seen.retryAt === null ? retryAt : Math.min(seen.retryAt, retryAt ?? Infinity),
    })
  }
  const [most] = [...found].toSorted(([, a], [, b]) => b.uploads - a.uploads)
  return most === undefined ? null : { of: most[0], ...most[1] }
}

/** Follows an outage: since when it lasts is not what any one upload says. */
export function createOutageWatch(
  now: () => number,
  isOnline: () => boolean = browserIsOnline,
): (snapshots: Iterable<UploadSnapshot>) => Outage | null {
  let last: Outage | null = null
  return (snapshots) => {
    const found = outageAmong(snapshots, isOnline)
    if (found === null) return (last = null)
    const since = last?.since ?? now()
    const isSame = last?.of === found.of && last.retryAt === found.retryAt && last.uploads === found.uploads
    return (last = isSame && last !== null ? last : { ...found, since })
  }
}

/** A browser that is offline says so; one that says it is online may be wrong. */
export function browserIsOnline(): boolean {
  return !(typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine)
}
