import type { Check } from './check.js'
import { Absent, Finding, NotReached } from './expect.js'
import { Kit } from './kit.js'
import { optional } from './optional.js'
import { required } from './required.js'
import { safety } from './safety.js'
import type { Subject } from './subject.js'

/** How one check ended. `absent`: the backend does without it; `skipped`: an earlier check did not get so far. */
export interface CheckOutcome {
  readonly check: Check
  readonly result: 'holds' | 'fails' | 'absent' | 'skipped'
  /** Why it is not `holds`; empty when it is. */
  readonly why: string
}

/** Every check, in the order in which they run: later ones look at what earlier ones have made. */
export const backendContract: readonly Check[] = [...required, ...safety, ...optional]

/** Runs one check. Rejects with what is no answer of the backend, such as a lost connection. */
export async function runCheck(check: Check, kit: Kit): Promise<CheckOutcome> {
  try {
    await check.run(kit)
    return { check, result: 'holds', why: '' }
  } catch (error) {
    if (error instanceof Finding) return { check, result: 'fails', why: error.message }
    if (error instanceof Absent) return { check, result: 'absent', why: error.message }
    if (error instanceof NotReached) return { check, result: 'skipped', why: error.message }
    throw error
  }
}

/**
 * Runs the contract of docs/api.md on a backend, and removes what it has made.
 *
 * @param onOutcome hears of each check as it ends
 */
export async function runContract(
  subject: Subject,
  onOutcome: (outcome: CheckOutcome) => void,
): Promise<{ readonly outcomes: readonly CheckOutcome[]; readonly left: readonly string[] }> {
  const kit = new Kit(subject)
  const outcomes: CheckOutcome[] = []
  let left: readonly string[] = []
  try {
    for (const check of backendContract) {
      const outcome = await runCheck(check, kit)
      outcomes.push(outcome)
      onOutcome(outcome)
    }
  } finally {
    left = await kit.cleanUp()
  }
  return { outcomes, left }
}
