import { NotReached } from './expect.js'
import type { Kit } from './kit.js'

/** One check of a backend's behaviour. */
export interface Check {
  /** The call or topic that is checked. */
  readonly about: string
  /** What is true of the backend when the check passes. */
  readonly holds: string
  /** What clients gain from this optional feature. Absent when every backend must pass the check. */
  readonly optional?: string
  /** Rejects with a `Finding` on failure, or with `Absent` when the backend does not have an optional feature. */
  run(kit: Kit): Promise<void>
}

/** Returns the result of an earlier check. @throws NotReached when that check did not produce it */
export function reached<T>(left: T | undefined): T {
  if (left === undefined) throw new NotReached('an earlier check did not get so far')
  return left
}
