/** The public types of one upload. */

import type { Crc64Type } from '@carryon/hash'

/** State of an upload; `done` and `cancelled` are final, `failed` may be resumed. */
export type UploadState =
  | 'identifying'
  | 'opening'
  | 'uploading'
  | 'waiting'
  | 'paused'
  | 'finishing'
  | 'done'
  | 'failed'
  | 'cancelled'

/**
 * Why an upload waits: `queue` for its turn, `network` until the network is back, `service` while the store or the
 * server refuses temporarily (retried automatically), `store-unreachable` while the server answers but the store's host
 * does not (perhaps because of a filter, a firewall or the bucket's CORS rule; retried automatically), `rate-limited`
 * until the time that the server asked to wait for, `other-tab` while another tab of this browser has the same upload,
 * `same-file` while this page already uploads the same content, `choice` until `onDuplicate` has answered.
 */
export type WaitReason =
  | 'queue'
  | 'network'
  | 'service'
  | 'store-unreachable'
  | 'rate-limited'
  | 'other-tab'
  | 'same-file'
  | 'choice'

/** Progress of an upload, in bytes unless noted otherwise. Never NaN, never Infinity. */
export interface UploadProgress {
  /** Acknowledged by the store and verified. Decreases only when a stored part is missing or turns out to differ. */
  readonly loaded: number
  /** `loaded` plus an estimate of how much of the data in flight has already been transmitted. */
  readonly sent: number
  /** Size of the file. */
  readonly total: number
  /** `sent` as a percentage, 0 to 100; 100 only when everything is stored. */
  readonly percent: number
  /** Bytes per second, smoothed over acknowledged and in-flight bytes; `null` while unknown. */
  readonly speed: number | null
  /** Estimated seconds until everything is sent; `null` while unknown. */
  readonly secondsLeft: number | null
  /**
   * What was in flight when sending last stopped, for example on a pause, and has to be sent again; 0 while sending.
   */
  readonly givenUp: number
  /**
   * By how much `loaded` has decreased: data that was reported as stored but is missing or different in the store.
   * Returns to 0 as the data is sent again.
   */
  readonly lost: number
}

/** Status of the upload in the tab that has it. */
export interface OtherTab {
  /** {@link UploadSnapshot.state} in that tab. */
  readonly state: UploadState
  /** Present in state `waiting`. */
  readonly waitReason?: WaitReason
}

/** The status of an upload at one moment. */
export interface UploadSnapshot {
  /** `done` and `cancelled` are final. */
  readonly state: UploadState
  /** Present in state `waiting`. */
  readonly waitReason?: WaitReason
  /**
   * Present while the upload waits to retry: the time of the next attempt, Unix milliseconds. `resume()` retries now.
   */
  readonly retryAt?: number
  /** Present while it waits for `store-unreachable`: the host that does not answer. */
  readonly host?: string
  /** Why the last attempt failed, while the upload waits to retry; else `null`. The same object until it changes. */
  readonly lastError: UploadError | null
  /**
   * Present in state `waiting` for `other-tab` once that tab has reported: `progress` is then that tab's, and
   * `pause()`, `resume()` and `cancel()` act there. `otherTab.state` is `paused` when that tab has paused the upload.
   */
  readonly otherTab?: OtherTab
  /** Includes what was stored before this run. */
  readonly progress: UploadProgress
  /** Bytes that were in the store when this run began and were verified to equal the file. */
  readonly resumedBytes: number
  /** Present while the file is compared with earlier uploads of this owner, and while `onDuplicate` decides. */
  readonly duplicate?: DuplicateCheck
  /** Present in state `failed`. */
  readonly error?: UploadError
  /** Present in state `done`. */
  readonly result?: UploadResult
}

/** The application's metadata for a file, by name. */
export type Metadata = Readonly<Record<string, string>>

/** The result of an upload that is done: the stored object. */
export interface UploadResult {
  /** The server's id of the upload. */
  readonly id: string
  /** Absolute download URL of the object. Who may use it depends on the server. */
  readonly url: string
  /** Key of the object in the bucket. */
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** CRC-64 of the object, unsigned decimal; `null` where the store computes none. */
  readonly crc64: string | null
  /** Variant of `crc64`: COS computes CRC-64/XZ (`crc64ecma`), Amazon S3 CRC-64/NVME. */
  readonly crc64Type: Crc64Type
  /** The checks that the object passed, strongest first; never empty, because the size is always compared. */
  readonly verified: readonly ('object-crc64' | 'part-crc64' | 'part-md5' | 'size')[]
  /** Present when nothing was sent because an earlier upload stored the same content; the object is that one. */
  readonly reused?: true
  /** The JSON that the application's server returned for the finished upload; absent if nothing, or not yet. */
  readonly data?: unknown
}

/**
 * The upload of one file.
 *
 * @example
 * const upload = uploader.upload(file)
 * const stop = upload.on('change', ({ state, progress }) => render(state, progress.percent))
 * const { url } = await upload.done
 */
export interface Upload {
  /** As passed to `upload`. */
  readonly metadata?: Metadata
  /** The file that is uploaded. */
  readonly file: { readonly name: string; readonly size: number; readonly type: string }
  /** The server's id of the upload; `null` before it was opened. */
  readonly id: string | null
  /** The same object as long as nothing has changed, as React's `useSyncExternalStore` requires. */
  readonly snapshot: UploadSnapshot
  /**
   * Resolves when done; rejects with an {@link UploadError}, also after `cancel()` (code `cancelled`). After a failure,
   * `resume()` replaces it with a new promise. An unhandled rejection is not reported, because the snapshot has the
   * error too.
   */
  readonly done: Promise<UploadResult>
  /**
   * Calls `listener` after each change of state and, while sending, at most every 500 ms. Returns a function that
   * removes the listener.
   */
  on(event: 'change', listener: (snapshot: UploadSnapshot) => void): () => void
  /**
   * Stops sending: no new request starts, and requests under way are aborted, except those that will probably be sent
   * within a second. What the store acknowledged stays; `progress.givenUp` is what has to be sent again. A paused
   * upload still belongs to this tab: no other tab continues it by itself until this one is closed.
   */
  pause(): void
  /**
   * Continues after `pause()`, and retries after a failure. If the upload is waiting to retry, it and all others that
   * are waiting retry now, as after `Uploader.retryNow()`.
   */
  resume(): void
  /**
   * Stops the upload, in whichever tab it runs, and removes what the store holds of it; resolves once that is gone. An
   * upload that is done by then stays done. Rejects with an {@link UploadError} when the removal failed; then call it
   * again.
   */
  cancel(): Promise<void>
}

/** The kinds of failure, a closed set; {@link UploadError.message} says what to do. */
export type UploadErrorCode =
  | 'file-changed'
  | 'file-unreadable'
  | 'file-too-large'
  | 'permission-denied'
  | 'network'
  | 'unauthorized'
  | 'forbidden'
  | 'forbidden-origin'
  | 'invalid-request'
  | 'upload-gone'
  | 'checksum-mismatch'
  | 'store-denied'
  | 'store-full'
  | 'store-unavailable'
  | 'store-misconfigured'
  | 'server-error'
  | 'unexpected-answer'
  | 'insecure-connection'
  | 'page-outdated'
  | 'unsupported-browser'
  | 'cancelled'
  | 'internal'

/** Why an upload, or one attempt at it, failed. `message` says what happened and what to do. */
export class UploadError extends Error {
  /** Always `UploadError`. */
  override readonly name = 'UploadError'
  /** Machine-readable kind of failure; `message` is for people. */
  readonly code: UploadErrorCode
  /** Whether `resume()` may succeed without any other change. */
  readonly retryable: boolean
  /** The store's or the server's id of the request, for support enquiries. */
  readonly requestId: string | undefined

  constructor(
    code: UploadErrorCode,
    message: string,
    details: {
      readonly retryable?: boolean
      readonly requestId?: string | undefined
      readonly cause?: unknown
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.retryable = details.retryable ?? false
    this.requestId = details.requestId
  }
}

/** A finished upload of this owner, from this page or an earlier one. */
export interface FinishedUpload {
  /** The server's id. */
  readonly id: string
  /** Name of the file; it may have been renamed since. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Declared media type, may be empty; absent if not known. */
  readonly type?: string
  /** Absolute download URL of the object. */
  readonly url: string
  /** ISO time. */
  readonly finishedAt: string
}

/** Progress of the duplicate check of one file. */
export interface DuplicateCheck {
  /** The finished upload with the same content; `null` while the comparison is under way. */
  readonly stored: FinishedUpload | null
  /** Bytes of the file read and hashed so far. */
  readonly compared: number
}

/** One way in which an object was compared with its file. */
export type Verification = UploadResult['verified'][number]
