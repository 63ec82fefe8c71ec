import type { Crc64Type, StoreClock } from '@carryon/object-store'
import type { PartPlan, RegisteredUpload } from '@carryon/protocol'
import type { Semaphore } from '../async/semaphore.js'
import type { UploadBackend } from '../backend/upload-backend.js'
import type { Fingerprint } from '../content/fingerprint.js'
import type { ProgressMeter } from '../core/progress.js'
import type { RetryLimits } from '../core/retry-policy.js'
import type { SettlingMemory } from '../memory/resume-memory.js'
import type { Clock, FileSource, Hasher, PartTransport } from '../ports.js'
import type { Verification } from '../upload-types.js'
import type { CircuitBreaker } from './circuit-breaker.js'
import type { PartLayout } from './part-layout.js'
import type { RenewableGrant } from './renewable-grant.js'
import type { RequestPool } from './request-pool.js'
import type { Checksums, UploadedPart } from './uploaded-part.js'

/** One open upload and its data, from open to complete. */
export interface RunContext {
  readonly context: TransferContext
  readonly file: FileSource
  readonly fingerprint: Fingerprint
  readonly upload: RegisteredUpload
  readonly layout: PartLayout
  /** The current plan of {@link layout}. */
  readonly plan: PartPlan
  readonly checksums: Checksums
  readonly grant: RenewableGrant
  /** Stored and verified parts, by part number. */
  readonly uploaded: Map<number, UploadedPart>
  /** How they were verified. */
  readonly verifiedBy: Set<Verification>
  readonly meter: ProgressMeter
  /** Call it when something that {@link meter} counts has changed. */
  readonly onProgress: () => void
}

/** What sending and verifying parts needs; all uploads of one uploader share it. */
export interface TransferContext {
  readonly backend: UploadBackend
  readonly transport: PartTransport
  readonly hasher: Hasher
  readonly memory: SettlingMemory
  readonly clock: Clock
  readonly random: () => number
  readonly retry: RetryLimits
  readonly storeClock: StoreClock
  /**
   * Facts from the last upload, for guesses that save work: the store's CRC-64 type, because small files are hashed
   * before they are opened, and whether forms work; `null` while none was sent.
   */
  readonly usual: { crc64Type: Crc64Type; forms: boolean | null }
  readonly pool: RequestPool
  readonly breaker: CircuitBreaker
  /** Limits how many parts are hashed at once. */
  readonly hashLimit: Semaphore
  readonly recheck: 'samples' | 'full' | undefined
  /** Checksums of what was copied already; `null` if nothing is copied. */
  readonly copies: CopiedChecksums | null
}

/** CRC-64 of ranges of files that were read before. */
export interface CopiedChecksums {
  /** Unsigned decimal; `null` if the range was not read. */
  crc64Of(
    identity: string,
    range: { readonly start: number; readonly end: number },
    type: Crc64Type,
  ): string | null
}
