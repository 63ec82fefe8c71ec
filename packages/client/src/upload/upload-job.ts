import type { OnDuplicate } from '../duplicate-types.js'
import type { ProgressMeter } from '../core/progress.js'
import type { UploadEvent } from '../core/state.js'
import type { FileSource } from '../ports.js'
import type { Metadata } from '../upload-types.js'
import type { FileSlot } from './file-slots.js'
import type { PartsTransfer } from './steps/transfer-parts.js'
import type { ServerCalls } from './server-calls.js'
import type { UploadContext } from './upload-context.js'

/** What a file has to be, when the upload of an earlier page is taken up. */
export interface Expected {
  /** The server's; absent where nobody knows it. */
  readonly id?: string
  readonly identity: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Nobody picked the file: it is what this browser holds for that very upload. */
  readonly kept?: boolean
}

/** What somebody wants of an upload, beyond that it succeeds. */
export interface RunOptions {
  readonly expected: Expected | null
  readonly onDuplicate: OnDuplicate
  readonly metadata?: Metadata
}

/** One file to upload, and what its steps work with. What they achieve is the {@link RunState}. */
export interface UploadJob {
  readonly context: UploadContext
  readonly file: FileSource
  readonly expected: Expected | null
  readonly calls: ServerCalls
  readonly onDuplicate: OnDuplicate
  readonly transfer: PartsTransfer
  readonly meter: ProgressMeter
  /** Something that {@link meter} counts, or the comparison with what is stored, has changed. */
  readonly onProgress: () => void
}

/** Until when one run of an upload goes on, and who hears how it stands. */
export interface RunSignals {
  readonly signal: AbortSignal
  readonly dispatch: (event: UploadEvent) => void
}

/** What one run of an upload is controlled by. */
export interface RunControl extends RunSignals {
  readonly slot: FileSlot
}
