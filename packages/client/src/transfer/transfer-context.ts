import type { Crc64Type, StoreClock } from '@carryon/object-store'
import type { Semaphore } from '../async/semaphore.js'
import type { UploadBackend } from '../backend/upload-backend.js'
import type { RetryLimits } from '../core/retry-policy.js'
import type { SettlingMemory } from '../memory/resume-memory.js'
import type { Clock, Hasher, PartTransport } from '../ports.js'
import type { CircuitBreaker } from './circuit-breaker.js'
import type { RequestPool } from './request-pool.js'

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
   * How it was with the last upload, for guesses that save work: small files are hashed before they are opened. Whether a
   * form has been answered; `null` while nothing was sent so.
   */
  readonly usual: { crc64Type: Crc64Type; forms: boolean | null }
  readonly pool: RequestPool
  readonly breaker: CircuitBreaker
  /** Found parts that are hashed. */
  readonly hashLimit: Semaphore
  readonly recheck: 'samples' | 'full' | undefined
  /** Checksums of what was copied already; `null` where nothing is copied. */
  readonly copies: CopiedChecksums | null
}

/** CRC-64 of ranges of files that were read before. */
export interface CopiedChecksums {
  /** Unsigned decimal; `null` where the range was not read. */
  crc64Of(
    identity: string,
    range: { readonly start: number; readonly end: number },
    type: Crc64Type,
  ): string | null
}
