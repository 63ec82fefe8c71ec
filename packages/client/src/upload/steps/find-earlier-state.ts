import { contentIdentity, smallFileSize } from '../../content/fingerprint.js'
import type { Fingerprint } from '../../content/fingerprint.js'
import type { RememberedHead } from '../../ports.js'
import type { RunState } from '../run-state.js'
import { termsOf } from '../server-calls.js'
import type { RunSignals, UploadJob } from '../upload-job.js'
import { notExpected } from './identify.js'

/** Unfinished uploads of files of this name; read while the file is identified. Of what goes as one PUT nothing is remembered. */
export async function sameNameUploads(
  { context, file: { size, name, known } }: UploadJob,
  state: RunState,
): Promise<readonly RememberedHead[]> {
  if (size <= smallFileSize || known !== undefined || state.upload !== null) return []
  return (await context.memory.all(name)).filter((upload) => upload.name === name)
}

/**
 * A file that grew, or was edited where the samples are, has another identity than when its upload began. What is still
 * equal of that upload's parts is not sent again.
 */
export async function findEarlierState(
  { context, file, expected, calls }: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  sameName: readonly RememberedHead[],
  { signal, dispatch }: RunSignals,
): Promise<void> {
  const candidates = expected === null ? sameName : [expected]
  const others = candidates.filter(({ identity }) => contentIdentity(identity) !== fingerprint.identity)
  if (others.length === 0 || state.upload !== null) return
  const lazyCode = await context.loadLazy().catch(() => null)
  const earlier = await lazyCode?.earlierState(context, calls, file, others, termsOf(signal, dispatch))
  dispatch({ type: 'identify' })
  if (earlier) {
    calls.wanted = { continues: earlier.id }
    state.earlier = earlier
  } else if (expected !== null) {
    throw notExpected(file, expected)
  }
}
