import type { PlannedKill } from './kill-plan.js'
import type { LoggedRequest } from './store-process.js'

/** A kill that has been carried out. */
export interface Kill extends PlannedKill {
  /** `at`: when the kill was ordered; `endedAt`: when all processes had ended. Milliseconds since the epoch. */
  readonly at: number
  readonly endedAt: number
  /** Store kills only: the bytes received of each unfinished request body; the store's log lacks these requests. */
  readonly cut: readonly number[]
  /** Store kills only: sizes, by part number, of parts stored but not logged. Each part is listed for one kill only. */
  readonly silent: ReadonlyMap<number, number>
}

/** Consequences of one kill. */
export interface KillOutcome extends Kill {
  /** Number of parts being sent to the store. */
  readonly partsInFlight: number
  /** That number times the largest part size: the most that may have to be sent again. Bytes. */
  readonly bytesInFlight: number
  /** Bytes of them that the store received in vain. */
  readonly bytesAgain: number
}

export interface Account {
  readonly kills: readonly KillOutcome[]
  /** Request body bytes the store received in vain, for whatever reason. */
  readonly bytesAgain: number
  /** The bytes among them that no kill explains. */
  readonly unexplained: number
  /** Number of acknowledgements of each part, by part number. */
  readonly acknowledged: ReadonlyMap<number, number>
}

/**
 * Attributes the bytes received in vain to the kills that caused them. @param largestPart largest part of the
 * finished upload, bytes
 */
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
    // After a browser is gone, the store reads and accepts what the operating system had buffered of its requests.
    // The next page may have looked for stored parts before that.
    const orphaned =
      before && kills.find(({ target, at }) => target === 'browser' && overlaps(before, at, at))
    if (before !== undefined && orphaned !== undefined) {
      inVain.get(orphaned)?.push(before.received)
      continue
    }
    if (before !== undefined) twice += received
    acknowledged.set(partNumber, (acknowledged.get(partNumber) ?? 0) + 1)
  }
  // A part size that was chosen but of which a kill left no part is missing from the finished upload's sizes.
  const largest = Math.max(largestPart, ...parts.map(({ received }) => received))
  for (const kill of kills) {
    for (const [partNumber, size] of kill.silent) {
      // If the part was not sent again, the page had received the response or found the part in the store.
      if (acknowledged.has(partNumber)) inVain.get(kill)?.push(size)
      else acknowledged.set(partNumber, 1)
    }
  }
  const wasted = parts.filter((part) => !part.acknowledged && part.received > 0)
  // A large part can overlap several kills; it was ended by the last of them.
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
