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

type Found = Pick<OpenedUpload, 'upload' | 'parts' | 'checksums'>

/** A part of which the store holds other bytes. */
class PartDiffers extends Error {}

/**
 * Whether something of it is stored, and all that is stored equals `file`: then `file` is a renamed copy, as far as
 * anybody can tell. It is asked before anything is sent, for what is sent would replace the other file's parts.
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

/** How many parts are compared, at most, to find out whether a file is a later state of another one. */
const compared = 3

/**
 * Whether any of the first, a middle and the last whole part that is stored is still the file's: one is enough to go on
 * with that upload, since each part is compared before it counts.
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
  // What the store computes is told at open only; a part that shows no CRC-64 is compared by its ETag.
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

/** How the file of an open upload is cut, as far as what is stored tells. */
function planOf({ upload, parts }: Pick<OpenedUpload, 'upload' | 'parts'>): PartPlan {
  const { size, partSize, grows = false } = upload
  if (!grows) return planParts(size, partSize)
  const stored = [...parts].sort((one, other) => one.partNumber - other.partNumber)
  const { runs, fixed } = storedSizes(size, partSize, stored)
  return planOpenParts(size, runs, fixed)
}
