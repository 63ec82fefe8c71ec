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

/** What the steps of one upload need; all uploads of one uploader share it. */
export interface UploadContext extends TransferContext {
  readonly slotFor: SlotFor
  readonly locks: ContentLocks
  /** Where uploads of this page and of other tabs hear of each other. */
  readonly tabs: Tabs
  /** Waits between calls of the server. */
  readonly callPause: CallPause
  /** Whatever waits to be tried again is tried now. */
  readonly retryNow: () => void
  /** Says when listeners are to be told of progress. */
  readonly ticker: ProgressTicker
  /** Small files that are read for their fingerprint. */
  readonly readLimit: Semaphore
  /** One at a time: files that may be there already are read whole one after the other, each at full speed. */
  readonly compareLimit: Semaphore
  /** Bytes; a wish. */
  readonly partSize: number | undefined
  readonly createSigner: ((options: PartSignerOptions) => PartSigner) | undefined
  /** Copies of files under way; `null` where nothing lasts, or is wanted. */
  readonly copies: (CopiedChecksums & { keep(run: RunContext): void }) | null
  /** The queue of picked files; `null` where nothing lasts, or is wanted. */
  readonly picks: { holds(file: FileSource): boolean } | null
  /** Uploads that go on without a pick. */
  readonly resumed: { replace(identity: string, file: FileSource): void }
  /** Code that few uploads need. */
  readonly loadLazy: () => Promise<{
    readonly earlierState: typeof earlierState
    readonly isCopyOf: typeof isCopyOf
    readonly isSameContent: typeof isSameContent
    readonly DuplicateChecker: typeof DuplicateChecker
  }>
}
