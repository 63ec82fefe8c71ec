import type { Crc64Type, PartSigner, PartSignerOptions, StoreClock } from '@carryon/object-store'
import type { FileSlots } from './upload/file-slots.js'
import type { IdentityLocks } from './tabs/identity-locks.js'
import type { RequestPool } from './transfer/request-pool.js'
import type { CircuitBreaker } from './circuit-breaker.js'
import type { Semaphore } from './async/semaphore.js'
import type { ProgressTicker } from './upload/progress-ticker.js'
import type { StoreConnection } from './store-connection.js'
import type { TabDesk } from './tabs/tab-desk.js'
import type { Continued } from './kept/continued.js'
import type { Keeper } from './kept/keeper.js'
import type { PickedFiles } from './queue/picked-files.js'
import type { LoadKept } from './kept/keeper-for.js'
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
  readonly keeper: Keeper | null
  /** What was picked, and has not ended; `null` where nothing lasts. */
  readonly picks: PickedFiles | null
  /** Code that few uploads need. */
  readonly loadKept: LoadKept
  /** Uploads that go on without a pick. */
  readonly continued: Continued
  readonly clock: Clock
  readonly random: () => number
  readonly storeClock: StoreClock
  /**
   * How it was with the last upload, for guesses that save work: small files are hashed before they are opened. Whether a
   * form has been answered; `null` while nothing was sent so.
   */
  readonly usual: { crc64Type: Crc64Type; forms: boolean | null }
  readonly slots: FileSlots
  readonly locks: IdentityLocks
  /** Where uploads of this page and of other tabs hear of each other. */
  readonly desk: TabDesk
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
  readonly readSemaphore: Semaphore
  /** Found parts that are hashed. */
  readonly hashSemaphore: Semaphore
  /** One at a time: files that may be there already are read whole one after the other, each at full speed. */
  readonly compareSemaphore: Semaphore
  /** Bytes; a wish. */
  readonly partSize: number | undefined
  readonly recheck: 'samples' | 'full' | undefined
  readonly createSigner: ((options: PartSignerOptions) => PartSigner) | undefined
}
