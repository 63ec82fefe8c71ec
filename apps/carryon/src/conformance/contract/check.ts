import { NotReached } from './expect.js'
import type { Kit } from './kit.js'

/** One thing that a backend does. */
export interface Check {
  /** The call, or the matter. */
  readonly about: string
  /** What holds when it passes. */
  readonly holds: string
  /** Absent: every backend has to. Else what a client gains by it. */
  readonly optional?: string
  /** Rejects with a `Finding`, or with `Absent` when the backend does without. */
  run(kit: Kit): Promise<void>
}

/** What an earlier check has left for this one. @throws NotReached when that check did not get so far */
export function reached<T>(left: T | undefined): T {
  if (left === undefined) throw new NotReached('an earlier check did not get so far')
  return left
}
