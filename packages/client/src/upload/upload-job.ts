import type { OnDuplicate } from '../duplicate-types.js'
import type { ProgressMeter } from '../core/progress.js'
import type { UploadEvent } from '../core/state.js'
import type { FileSource } from '../ports.js'
import type { Metadata } from '../upload-types.js'
import type { FileSlot } from './file-slots.js'
import type { PartsTransfer } from './steps/transfer-parts.js'
import type { ServerCalls } from './server-calls.js'
import type { UploadContext } from './upload-context.js'

/** The file that is expected when the upload of an earlier page is continued. */
export interface Expected {
  /** The server's id of the upload; absent if unknown. */
  readonly id?: string
  readonly identity: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Whether the file was not picked but is what this browser kept for this upload. */
  readonly kept?: boolean
}

/** Options of one upload. */
export interface RunOptions {
  readonly expected: Expected | null
  readonly onDuplicate: OnDuplicate
  readonly metadata?: Metadata
}

/** One file to upload, and what its steps work with. The {@link RunState} holds what they achieve. */
export interface UploadJob {
  readonly context: UploadContext
  readonly file: FileSource
  readonly expected: Expected | null
  readonly calls: ServerCalls
  readonly onDuplicate: OnDuplicate
  readonly transfer: PartsTransfer
  readonly meter: ProgressMeter
  /** Call it when something that {@link meter} counts, or the duplicate check, has changed. */
  readonly onProgress: () => void
}

/** Ends one run of an upload, and receives its events. */
export interface RunSignals {
  readonly signal: AbortSignal
  readonly dispatch: (event: UploadEvent) => void
}

/** Controls one run of an upload. */
export interface RunControl extends RunSignals {
  readonly slot: FileSlot
}
