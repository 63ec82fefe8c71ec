import { isOver } from '../../core/backend-error.js'
import type { ResumeMemory } from '../../ports.js'
import type { UploadResult } from '../../upload-types.js'
import type { RunState } from '../run-state.js'
import type { Expected, UploadJob } from '../upload-job.js'
import { resultOf } from '../upload-result.js'
import { completed } from './complete.js'

/** The server's id of an upload that resumes without a pick, whether or not this page has opened it yet. */
export function keptIdOf(expected: Expected | null): string | null {
  return (expected?.kept === true && expected.id) || null
}

/**
 * Removes what the server and the store hold of the upload; call it when no run is active.
 *
 * @param elsewhere the id of the upload if another tab had opened it
 * @returns the result if the upload turns out to be done already; else `null`
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
    // If it was finished elsewhere, nobody has verified that it has this file's content: return no result then.
    if (error.code === 'already-done' && own !== null) {
      const finished = await completed(() => calls.get(id, { signal }), context.clock, signal)
      result = resultOf(finished, state.verifiedBy)
    }
  }
  await forgetRemembered(context.memory, job.expected, state)
  return result
}

/**
 * The id of the upload that the server may hold open for this file; `null` when there is none. Asks the server if
 * needed.
 */
async function openIdOf(
  { calls, file }: UploadJob,
  { fingerprint, upload, isUnanswered, duplicates }: RunState,
  signal: AbortSignal,
): Promise<string | null> {
  // Opening again returns the same upload and so its id; if the id differs from a known one, that upload is gone.
  if (fingerprint !== null && isUnanswered && duplicates?.hasOnlyLooked !== true)
    return (await calls.open(file, fingerprint, { signal })).upload.id
  return upload?.id ?? null
}

/** Deletes what this browser remembers of the upload. */
export async function forgetRemembered(
  memory: ResumeMemory,
  expected: Expected | null,
  { upload, fingerprint }: RunState,
): Promise<void> {
  const kept = keptIdOf(expected) === null ? null : expected
  const { identity } = upload ?? kept ?? fingerprint ?? {}
  if (identity !== undefined) await memory.delete(identity)
}
