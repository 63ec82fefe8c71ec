import type { Engine } from '../engine.js'
import type { Fingerprint } from '../content/identity.js'
import type { PartLayout } from '../transfer/part-layout.js'
import { planParts } from '../transfer/part-plan.js'
import type { PartPlan } from '../transfer/part-plan.js'
import type { Permission } from '../transfer/permission.js'
import type { ProgressMeter } from './progress.js'
import type { Checksums, Receipt } from '../transfer/receipt.js'
import type { FileSource } from '../seams.js'
import { tailOf } from '../backend/upload-backend.js'
import type { RegisteredUpload } from '../backend/upload-backend.js'
import { UploadError } from '../upload-types.js'
import type { Verification } from './upload-result.js'

/** One open upload and what is known of it, from open to finish. */
export interface Session {
  readonly engine: Engine
  readonly file: FileSource
  readonly fingerprint: Fingerprint
  readonly upload: RegisteredUpload
  readonly layout: PartLayout
  /** As the layout is now. */
  readonly plan: PartPlan
  readonly checksums: Checksums
  readonly permission: Permission
  /** Parts that the store holds and that verified, by part number. */
  readonly receipts: Map<number, Receipt>
  /** How they were verified. */
  readonly verifiedBy: Set<Verification>
  readonly meter: ProgressMeter
  /** Something that {@link meter} counts has changed. */
  readonly onProgress: () => void
}

/** The store has no such multipart upload any more: it has to be opened anew. */
export class UploadGone extends Error {
  override readonly name = 'UploadGone'
}

/** The plan that the server answered at open, after a look at whether it fits the file. */
export function planOf(upload: RegisteredUpload, file: Pick<FileSource, 'name' | 'size'>): PartPlan {
  const partSize = upload.mode === 'single' ? Math.max(1, file.size) : upload.partSize
  const plan = planParts(file.size, partSize, tailOf(upload))
  if (upload.size === file.size && upload.partCount === plan.partCount) return plan
  throw new UploadError(
    'server-error',
    `"${file.name}": the server answered an upload of ${upload.size} bytes in ${upload.partCount} parts for a file of ${file.size}.`,
  )
}

/** For messages. */
export function aboutFile(file: FileSource): string {
  return `"${file.name}"`
}
