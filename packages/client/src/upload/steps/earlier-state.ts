import { sharesPartWith } from './another-file.js'
import type { UploadContext } from '../upload-context.js'
import { contentIdentity } from '../../content/fingerprint.js'
import type { Expected } from '../upload-job.js'
import type { CallTerms, ServerCalls } from '../server-calls.js'
import type { FileSource, RememberedUpload } from '../../ports.js'
import { BackendError } from '../../core/backend-error.js'
import { abortScope } from '../../async/abort-scope.js'

/** Uploads of one name that are looked at. */
const lookedAt = 3

/**
 * The first of `candidates` that may be the upload of an earlier state of `file`: it is open, nobody else is working on
 * it, and some of what it has stored is still in the file. `null`: none.
 *
 * @param terms of the questions to the server, each asked until it is answered
 *
 * Rejects with a `TransportError` of reason `source-…`, or with the signal's reason.
 */
export async function earlierState(
  context: UploadContext,
  calls: ServerCalls,
  file: FileSource,
  candidates: readonly Expected[],
  terms: CallTerms,
): Promise<Pick<RememberedUpload, 'id' | 'identity'> | null> {
  const { signal } = terms
  for (const { id, identity: before } of candidates.slice(0, lookedAt)) {
    if (id === undefined) continue
    const release = await lockNow(context, contentIdentity(before), signal)
    if (release === null) continue
    try {
      const [upload, parts, known] = await Promise.all([
        calls.get(id, terms),
        calls.parts(id, terms),
        context.memory.get(before),
      ])
      if (upload.state !== 'open' || upload.mode !== 'multipart') continue
      const mine = known?.id === id ? known : null
      if (await sharesPartWith(context, file, { upload, parts }, mine, signal))
        return { id, identity: before }
    } catch (error) {
      // Gone, or nobody can tell now: then it is no help.
      if (!(error instanceof BackendError)) throw error
    } finally {
      release()
    }
  }
  return null
}

/** `null` when somebody else has it. */
async function lockNow(
  context: UploadContext,
  identity: string,
  signal: AbortSignal,
): Promise<(() => void) | null> {
  const { controller, close } = abortScope(signal)
  try {
    const taken = (): void => controller.abort(new Error('Somebody has this upload.'))
    return await context.locks.acquire(identity, controller.signal, taken)
  } catch (error) {
    if (signal.aborted) throw error
    return null
  } finally {
    close()
  }
}
