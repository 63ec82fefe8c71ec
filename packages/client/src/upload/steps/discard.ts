import { isOver } from '../../core/backend-error.js'
import type { ResumeMemory } from '../../ports.js'
import type { UploadResult } from '../../upload-types.js'
import type { RunState } from '../run-state.js'
import type { Expected, UploadJob } from '../upload-job.js'
import { resultOf } from '../upload-result.js'
import { completed } from './complete.js'

/** The server's id of the upload that resumes without a pick, opened here or not yet. */
export function keptIdOf(expected: Expected | null): string | null {
  return (expected?.kept === true && expected.id) || null
}

/**
 * Removes what the server and the store hold; call it when no run is under way.
 *
 * @param elsewhere the id of the upload when another tab had opened it
 * @returns the result when it turns out that the upload was done already
 */
export async function discard(
  job: UploadJob,
  state: RunState,
  elsewhere: string | null,
  signal: AbortSignal,
): Promise<UploadResult | null> {
  const { calls, context } = job
  const own = await openIdOf(job, state, signal)
  const id = own ?? elsewhere ?? keptIdOf(job.expected)
  if (id === null) return null
  let result: UploadResult | null = null
  try {
    await calls.cancel(id, { signal })
  } catch (error) {
    if (!isOver(error)) throw error
    // Finished elsewhere: whether it is this file's content nobody has shown.
    if (error.code === 'already-done' && own !== null) {
      const finished = await completed(() => calls.get(id, { signal }), context.clock, signal)
      result = resultOf(finished, state.verifiedBy)
    }
  }
  await forgetRemembered(context.memory, job.expected, state)
  return result
}

/** The id of what the server may hold open for this file; `null` when there can be nothing. Asks it where needed. */
async function openIdOf(
  { calls, file }: UploadJob,
  { fingerprint, upload, isUnanswered, duplicates }: RunState,
  signal: AbortSignal,
): Promise<string | null> {
  // Opening again tells its id, for it answers the same upload; one known from before is gone if it is another.
  if (fingerprint !== null && isUnanswered && duplicates?.hasOnlyLooked !== true)
    return (await calls.open(file, fingerprint, { signal })).upload.id
  return upload?.id ?? null
}

/** This browser remembers nothing of the upload any more. */
export async function forgetRemembered(
  memory: ResumeMemory,
  expected: Expected | null,
  { upload, fingerprint }: RunState,
): Promise<void> {
  const kept = keptIdOf(expected) === null ? null : expected
  const { identity } = upload ?? kept ?? fingerprint ?? {}
  if (identity !== undefined) await memory.delete(identity)
}
