import type { Check } from './check.js'
import { Absent, Finding, NotReached } from './expect.js'
import { Kit } from './kit.js'
import { optional } from './optional.js'
import { required } from './required.js'
import { safety } from './safety.js'
import type { Subject } from './subject.js'

/**
 * Outcome of one check. `absent`: the backend does not have this optional feature; `skipped`: an earlier check that this
 * one depends on failed.
 */
export interface CheckOutcome {
  readonly check: Check
  readonly result: 'holds' | 'fails' | 'absent' | 'skipped'
  /** Why the result is not `holds`; otherwise empty. */
  readonly why: string
}

/** All checks in the order in which they run; later checks use results of earlier ones. */
export const backendContract: readonly Check[] = [...required, ...safety, ...optional]

/** Runs one check. Rejects on errors that are not a response of the backend, such as a lost connection. */
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
 * Runs all checks of docs/api.md on a backend, and removes the test uploads.
 *
 * @param onOutcome called after each check
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
