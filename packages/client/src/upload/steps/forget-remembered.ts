import type { RunState } from '../run-state.js'
import type { UploadJob } from '../upload-job.js'

/** This browser remembers nothing of the upload any more. */
export async function forgetRemembered({ context, expected }: UploadJob, state: RunState): Promise<void> {
  const kept = expected?.kept === true && expected.id !== undefined ? expected : null
  const { identity } = state.upload ?? kept ?? state.fingerprint ?? {}
  if (identity !== undefined) await context.memory.delete(identity)
}
