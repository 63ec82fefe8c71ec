import type { AutoResumed } from './upload/auto-resumed.js'
import type { LocalCopies } from './extensions/local-copies/local-copies.js'
import type { LoadLazyCode } from './lazy-code.js'
import type { PickedFiles } from './extensions/queue/picked-files.js'
import type { StoreConnection } from './store-connection.js'
import type { UploadContext } from './upload/upload-context.js'

/** What all uploads of one uploader share, and what only the uploader uses. */
export interface UploaderContext extends UploadContext {
  /** Keeps hold of files for a later page; `null` where nothing lasts, or is wanted. */
  readonly copies: LocalCopies | null
  /** What was picked, and has not ended; `null` where nothing lasts. */
  readonly picks: PickedFiles | null
  readonly resumed: AutoResumed
  readonly loadLazy: LoadLazyCode
  readonly storeConnection: StoreConnection
}
