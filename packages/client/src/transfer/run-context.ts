import type { TransferContext } from './transfer-context.js'
import type { Fingerprint } from '../content/fingerprint.js'
import type { PartLayout } from './part-layout.js'
import type { PartPlan, RegisteredUpload } from '@carryon/protocol'
import type { RenewableGrant } from './renewable-grant.js'
import type { ProgressMeter } from '../core/progress.js'
import type { Checksums, UploadedPart } from './uploaded-part.js'
import type { FileSource } from '../ports.js'
import type { Verification } from '../upload-types.js'

/** One open upload and what is known of it, from open to finish. */
export interface RunContext {
  readonly context: TransferContext
  readonly file: FileSource
  readonly fingerprint: Fingerprint
  readonly upload: RegisteredUpload
  readonly layout: PartLayout
  /** As the layout is now. */
  readonly plan: PartPlan
  readonly checksums: Checksums
  readonly grant: RenewableGrant
  /** Parts that the store holds and that verified, by part number. */
  readonly uploaded: Map<number, UploadedPart>
  /** How they were verified. */
  readonly verifiedBy: Set<Verification>
  readonly meter: ProgressMeter
  /** Something that {@link meter} counts has changed. */
  readonly onProgress: () => void
}
