import type { PartSigner, PartSignerOptions } from '@carryon/object-store'
import type { Semaphore } from '../async/semaphore.js'
import type { CallPause } from '../backend/backend-call.js'
import type { FileSource } from '../ports.js'
import type { ContentLocks } from './content-locks.js'
import type { Tabs } from './other-tabs.js'
import type { CopiedChecksums, RunContext, TransferContext } from '../transfer/run-context.js'
import type { isSameContent } from '../content/content-proof.js'
import type { DuplicateChecker } from './duplicate-check.js'
import type { earlierState, isCopyOf } from './steps/earlier-state.js'
import type { SlotFor } from './file-slots.js'
import type { ProgressTicker } from './progress-ticker.js'

/** What the steps of an upload need; shared by all uploads of one uploader. */
export interface UploadContext extends TransferContext {
  readonly slotFor: SlotFor
  readonly locks: ContentLocks
  /** Connects uploads of this page with those of other tabs. */
  readonly tabs: Tabs
  /** Pauses between attempts of server calls. */
  readonly callPause: CallPause
  /** Retries everything that waits now. */
  readonly retryNow: () => void
  /** Decides when listeners are notified of progress. */
  readonly ticker: ProgressTicker
  /** Limits how many small files are read at once for their fingerprint. */
  readonly readLimit: Semaphore
  /** Limits duplicate checks to one at a time, so that each file is read at full speed. */
  readonly compareLimit: Semaphore
  /** Requested part size in bytes. */
  readonly partSize: number | undefined
  readonly createSigner: ((options: PartSignerOptions) => PartSigner) | undefined
  /** Local copies of files being uploaded; `null` if they cannot be kept, or are switched off. */
  readonly copies: (CopiedChecksums & { keep(run: RunContext): void }) | null
  /** The queue of picked files; `null` if it cannot be kept, or is switched off. */
  readonly picks: { holds(file: FileSource): boolean } | null
  /** Uploads that resume without a pick. */
  readonly resumed: { replace(identity: string, file: FileSource): void }
  /** Loads code that few uploads need. */
  readonly loadLazy: () => Promise<{
    readonly earlierState: typeof earlierState
    readonly isCopyOf: typeof isCopyOf
    readonly isSameContent: typeof isSameContent
    readonly DuplicateChecker: typeof DuplicateChecker
  }>
}
