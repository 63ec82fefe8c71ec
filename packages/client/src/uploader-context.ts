import type { Crc64Type } from '@carryon/hash'
import type { PartSigner, PartSignerOptions, StoreClock } from '@carryon/object-store'
import type { FileSlots } from './upload/file-slots.js'
import type { ContentLocks } from './tabs/content-locks.js'
import type { RequestPool } from './transfer/request-pool.js'
import type { CircuitBreaker } from './circuit-breaker.js'
import type { Semaphore } from './async/semaphore.js'
import type { ProgressTicker } from './upload/progress-ticker.js'
import type { StoreConnection } from './store-connection.js'
import type { TabBus } from './tabs/tab-bus.js'
import type { AutoResumed } from './local-copies/auto-resumed.js'
import type { LocalCopies } from './local-copies/local-copies.js'
import type { PickedFiles } from './queue/picked-files.js'
import type { LoadLazyCode } from './local-copies/create-local-copies.js'
import type { SettlingMemory } from './memory/resume-memory.js'
import type { Clock, Hasher, PartTransport } from './ports.js'
import type { CallPause } from './backend/call-pause.js'
import type { UploadBackend } from './backend/upload-backend.js'

/** What all uploads of one uploader share. */
export interface UploaderContext {
  readonly backend: UploadBackend
  readonly transport: PartTransport
  readonly hasher: Hasher
  readonly memory: SettlingMemory
  /** Keeps hold of files for a later page; `null` where nothing lasts, or is wanted. */
  readonly copies: LocalCopies | null
  /** What was picked, and has not ended; `null` where nothing lasts. */
  readonly picks: PickedFiles | null
  /** Code that few uploads need. */
  readonly loadLazy: LoadLazyCode
  /** Uploads that go on without a pick. */
  readonly resumed: AutoResumed
  readonly clock: Clock
  readonly random: () => number
  readonly storeClock: StoreClock
  /**
   * How it was with the last upload, for guesses that save work: small files are hashed before they are opened. Whether a
   * form has been answered; `null` while nothing was sent so.
   */
  readonly usual: { crc64Type: Crc64Type; forms: boolean | null }
  readonly slots: FileSlots
  readonly locks: ContentLocks
  /** Where uploads of this page and of other tabs hear of each other. */
  readonly bus: TabBus
  readonly pool: RequestPool
  readonly breaker: CircuitBreaker
  /** Waits between calls of the server. */
  readonly callPause: CallPause
  /** Whatever waits to be tried again is tried now. */
  readonly retryNow: () => void
  readonly storeConnection: StoreConnection
  /** Says when listeners are to be told of progress. */
  readonly ticker: ProgressTicker
  /** Small files that are read for their fingerprint. */
  readonly readLimit: Semaphore
  /** Found parts that are hashed. */
  readonly hashLimit: Semaphore
  /** One at a time: files that may be there already are read whole one after the other, each at full speed. */
  readonly compareLimit: Semaphore
  /** Bytes; a wish. */
  readonly partSize: number | undefined
  readonly recheck: 'samples' | 'full' | undefined
  readonly createSigner: ((options: PartSignerOptions) => PartSigner) | undefined
}
