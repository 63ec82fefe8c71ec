import { planOpenParts, planParts, rangeOf, storedSizes } from '@carryon/protocol'
import type { OpenedUpload, PartPlan, StoredPartInfo } from '@carryon/protocol'
import { abortScope } from '../../async/abort-scope.js'
import { TaskGroup } from '../../async/task-group.js'
import { crc64TypeOf } from '../../backend/upload-backend.js'
import { contentIdentity } from '../../content/fingerprint.js'
import { BackendError } from '../../core/backend-error.js'
import type { FileSource, RememberedUpload } from '../../ports.js'
import { verifyOne } from '../../transfer/found-parts.js'
import type { CallTerms, ServerCalls } from '../server-calls.js'
import type { UploadContext } from '../upload-context.js'
import type { Expected } from '../upload-job.js'

/** How many uploads of one name are examined. */
const lookedAt = 3

/**
 * The first of `candidates` that may be the upload of an earlier state of `file`: it is open, nobody else is working on
 * it, and some of what it has stored is still in the file. `null` if there is none.
 *
 * @param terms for the calls to the server, each of which is retried until it is answered
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
      // The upload is gone, or the server cannot tell now: skip this candidate.
      if (!(error instanceof BackendError)) throw error
    } finally {
      release()
    }
  }
  return null
}

/** Acquires the lock without waiting; `null` when somebody else has it. */
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

type Found = Pick<OpenedUpload, 'upload' | 'parts' | 'checksums'>

/** The store holds other bytes for a part than the file has. */
class PartDiffers extends Error {}

/**
 * Whether the upload has stored parts and all of them equal `file`; then `file` is most likely a renamed copy. Checked
 * before anything is sent, because sent parts would replace those of the other file.
 */
export async function isCopyOf(
  context: UploadContext,
  file: FileSource,
  found: Found,
  known: RememberedUpload | null,
  signal: AbortSignal,
): Promise<boolean> {
  if (found.upload.state !== 'open' || found.parts.length === 0) return false
  const group = new TaskGroup(signal)
  group.spawn(async (scope) => {
    for (const part of found.parts) {
      const leave = await context.hashLimit.acquire(scope)
      group.spawn(async (each) => {
        if (!(await isEqual(context, file, found, part, known, each).finally(leave))) throw new PartDiffers()
      })
    }
  })
  try {
    await group.ended()
    return true
  } catch (error) {
    if (error instanceof PartDiffers) return false
    throw error
  }
}

/** Maximum number of parts compared to find out whether a file is a later state of another one. */
const compared = 3

/**
 * Whether at least one of the first, middle and last complete stored parts still equals the file. One is enough to
 * continue that upload, because each part is compared before it counts.
 */
export async function sharesPartWith(
  context: UploadContext,
  file: FileSource,
  { upload, parts }: Pick<OpenedUpload, 'upload' | 'parts'>,
  known: RememberedUpload | null,
  signal: AbortSignal,
): Promise<boolean> {
  const plan = planOf({ upload, parts })
  const whole = parts.filter(({ partNumber, size }) => {
    const { start, end } = rangeOf(plan, partNumber)
    return size === end - start && end <= file.size
  })
  // The server reports the store's checksums only at open, so a part without CRC-64 is compared by its ETag here.
  const checksums = { part: crc64TypeOf(upload), object: null, etagIsMd5: true }
  const steps = Array.from({ length: compared }, (_, index) =>
    Math.ceil((index * (whole.length - 1)) / (compared - 1)),
  )
  for (const step of new Set(steps)) {
    const part = whole[step]
    if (part === undefined) continue
    if (await isEqual(context, file, { upload, parts, checksums }, part, known, signal)) return true
  }
  return false
}

async function isEqual(
  context: UploadContext,
  file: FileSource,
  { upload, parts, checksums }: Found,
  part: StoredPartInfo,
  known: RememberedUpload | null,
  signal: AbortSignal,
): Promise<boolean> {
  const mine = known?.uploadId === upload.uploadId ? known : null
  const remembered = mine?.parts.find(({ partNumber }) => partNumber === part.partNumber)
  const plan = planOf({ upload, parts })
  const run = { context, file, plan, checksums, upload, verifiedBy: new Set<'size'>() }
  return (await verifyOne(run, part, remembered, signal)) !== null
}

/** The part plan of an open upload, as far as it follows from the stored parts. */
function planOf({ upload, parts }: Pick<OpenedUpload, 'upload' | 'parts'>): PartPlan {
  const { size, partSize, grows = false } = upload
  if (!grows) return planParts(size, partSize)
  const stored = [...parts].sort((one, other) => one.partNumber - other.partNumber)
  const { runs, fixed } = storedSizes(size, partSize, stored)
  return planOpenParts(size, runs, fixed)
}
