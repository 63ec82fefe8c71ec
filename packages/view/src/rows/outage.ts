import type { UploadSnapshot } from '@carryon/client'

/** What does not answer: this device is offline, the network, the server, or storage. */
export type OutageOf = 'offline' | 'network' | 'server' | 'storage'

/** Something that uploads wait for and that answers none of them. */
export interface Outage {
  /** What does not answer. */
  readonly of: OutageOf
  /** When uploads began to wait without interruption, as seen by this page; Unix milliseconds. */
  readonly since: number
  /** When the next upload retries, Unix milliseconds; `null` while unknown. */
  readonly retryAt: number | null
  /** How many wait for it. */
  readonly uploads: number
}

/** What a waiting upload waits for; `null` if nothing is wrong or it only waits for its turn. */
export function outageOf(snapshot: UploadSnapshot, isOnline: () => boolean): OutageOf | null {
  const { state, waitReason, lastError } = snapshot
  if (state !== 'waiting') return null
  if (waitReason === 'store-unreachable') return 'storage'
  if (waitReason === 'service') return lastError?.code === 'store-unavailable' ? 'storage' : 'server'
  if (waitReason !== 'network') return null
  if (!isOnline()) return 'offline'
  return isOfServer(lastError?.cause) ? 'server' : 'network'
}

/** Whether the failure was of a call of the server. */
function isOfServer(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'BackendError'
}

/** What most waiting uploads wait for. */
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

/** Follows an outage over time, because no single upload shows since when it has lasted. */
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

/** A browser that reports offline is right; one that reports online may be wrong. */
export function browserIsOnline(): boolean {
  return !(typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine)
}
