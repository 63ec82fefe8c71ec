import { combineAll } from '@carryon/hash'
import { crc64TypeOf } from '../../backend/upload-backend.js'
import { crcsOfParts } from '../../content/part-crcs.js'
import { failsWhenChanged, recheckSamples } from '../../content/recheck.js'
import { aboutFile, fileChanged } from '../../core/upload-errors.js'
import { TransportError } from '../../ports.js'
import type { KnownContent } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'
import { UploadError } from '../../upload-types.js'
import { partsInOrder, uploadedPartOf } from './uploaded-parts.js'

/**
 * Reads the file again before it is declared stored: parts that were sent an hour apart could be of two states of
 * it. A single PUT is one state: the store checked it against the MD5 that was read before.
 *
 * Rejects with `file-changed`.
 */
export async function recheckFile(run: RunContext, signal: AbortSignal): Promise<void> {
  const { context, file, upload } = run
  if (upload.mode === 'single') return
  if (file.known !== undefined) {
    recheckCopy(run, file.known)
    return
  }
  const thorough = context.recheck ?? (failsWhenChanged(file) ? 'samples' : 'full')
  try {
    await (thorough === 'full' ? recheckAll(run, signal) : recheckSamples(run, signal))
  } catch (error) {
    if (error instanceof TransportError && error.reason === 'source-changed')
      throw fileChanged(aboutFile(file), error)
    throw error
  }
}

/** A copy is of one state of the file, as was checked when it was made. What the disk has damaged since differs. */
function recheckCopy({ file, plan, uploaded, upload }: RunContext, known: KnownContent): void {
  const crc64Type = crc64TypeOf(upload)
  if (combineAll(partsInOrder(plan, uploaded), crc64Type) === known.crc64(crc64Type)) return
  throw new UploadError(
    'file-unreadable',
    `${aboutFile(file)}: the copy that this browser kept is damaged. Pick the file again to go on.`,
  )
}

async function recheckAll(
  { context, file, plan, uploaded, upload }: RunContext,
  signal: AbortSignal,
): Promise<void> {
  await crcsOfParts(context, file, plan, crc64TypeOf(upload), signal, (partNumber, crc64) => {
    if (crc64 !== uploadedPartOf(uploaded, partNumber).crc64) throw fileChanged(aboutFile(file))
  })
}
