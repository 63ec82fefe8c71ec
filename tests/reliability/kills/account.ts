import type { PlannedKill } from './kill-plan.js'
import type { LoggedRequest } from './store-process.js'

/** A kill that was carried out. */
export interface Kill extends PlannedKill {
  /** When it was ordered, and when every process had ended. Milliseconds since the epoch. */
  readonly at: number
  readonly endedAt: number
  /** Only of the store: what it had of each body that it was receiving; of its own log these are missing. */
  readonly cut: readonly number[]
  /** Only of the store: sizes of parts, by their number, that it had stored and not logged. Each of one kill only. */
  readonly silent: ReadonlyMap<number, number>
}

/** What became of one kill. */
export interface KillOutcome extends Kill {
  /** Parts that were on their way to the store. */
  readonly partsInFlight: number
  /** Bytes of as many of the largest parts: what may have to be sent again at most. */
  readonly bytesInFlight: number
  /** Bytes the store had received of them in vain. */
  readonly bytesAgain: number
}

export interface Account {
  readonly kills: readonly KillOutcome[]
  /** Bytes of bodies that the store received in vain, whatever the cause. */
  readonly bytesAgain: number
  /** Of these, what no kill accounts for. */
  readonly unexplained: number
  /** How often each part was acknowledged, by part number. */
  readonly acknowledged: ReadonlyMap<number, number>
}

/** Settles which bytes were received in vain, and because of which kill. @param largestPart bytes, as the finished upload says */
export function settle(
  kills: readonly Kill[],
  requests: readonly LoggedRequest[],
  largestPart: number,
): Account {
  const parts = requests.filter(({ operation }) => operation === 'UploadPart')
  const acknowledged = new Map<number, number>()
  const inVain = new Map(kills.map((kill) => [kill, [...kill.cut]]))
  const accepted = new Map<number, LoggedRequest>()
  let twice = 0
  for (const part of parts) {
    if (!part.acknowledged) continue
    const { partNumber = 0, received } = part
    const before = accepted.get(partNumber)
    accepted.set(partNumber, part)
    // What the system had buffered of a browser that is gone the store reads to its end, and takes. The next page may have
    // looked for parts before.
    const orphaned =
      before && kills.find(({ target, at }) => target === 'browser' && overlaps(before, at, at))
    if (before !== undefined && orphaned !== undefined) {
      inVain.get(orphaned)?.push(before.received)
      continue
    }
    if (before !== undefined) twice += received
    acknowledged.set(partNumber, (acknowledged.get(partNumber) ?? 0) + 1)
  }
  // Parts of a size that was decided and of which a kill left none are not in the upload's own list of sizes.
  const largest = Math.max(largestPart, ...parts.map(({ received }) => received))
  for (const kill of kills) {
    for (const [partNumber, size] of kill.silent) {
      // Where it never came again, the page had heard the answer, or found the part in the store.
      if (acknowledged.has(partNumber)) inVain.get(kill)?.push(size)
      else acknowledged.set(partNumber, 1)
    }
  }
  const wasted = parts.filter((part) => !part.acknowledged && part.received > 0)
  // A large part can be on its way through several kills: the last of them ended it.
  const endedBy = (part: LoggedRequest): Kill | undefined =>
    kills.findLast((kill) => overlaps(part, kill.at, kill.endedAt))
  const outcomes = kills.map((kill): KillOutcome => {
    const open = parts.filter((part) => part.acknowledged && overlaps(part, kill.at, kill.at))
    const met = wasted.filter((part) => overlaps(part, kill.at, kill.endedAt))
    const lost = met.filter((part) => endedBy(part) === kill)
    const partsInFlight = open.length + met.length + kill.cut.length + kill.silent.size
    return {
      ...kill,
      partsInFlight,
      bytesInFlight: partsInFlight * largest,
      bytesAgain: sum(lost.map(({ received }) => received)) + sum(inVain.get(kill) ?? []),
    }
  })
  const again = sum(wasted.map(({ received }) => received)) + sum([...inVain.values()].flat()) + twice
  return {
    kills: outcomes,
    bytesAgain: again,
    unexplained: again - sum(outcomes.map(({ bytesAgain }) => bytesAgain)),
    acknowledged,
  }
}

function overlaps({ at, milliseconds }: LoggedRequest, from: number, until: number): boolean {
  return at <= until && at + milliseconds >= from
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
