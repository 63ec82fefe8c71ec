/** The public face of one upload. */

import type { Crc64Type } from '@carryon/hash'

/** Where an upload stands; `done` and `cancelled` are final, `failed` may be resumed. */
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
 * server refuse for now (it tries again by itself), `store-unreachable` while the server answers but the store's host
 * does not (a filter, a firewall or the bucket's CORS rule may be why; it tries again by itself), `rate-limited` until
 * the time that the server asked to wait for, `other-tab` while another tab of this browser has the same upload,
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

/** Bytes unless said otherwise. Never NaN, never Infinity. */
export interface UploadProgress {
  /** Acknowledged by the store and verified. Goes back only when a stored part proves different. */
  readonly loaded: number
  /** `loaded` plus what the line has carried of what is in flight, as far as that can be known. */
  readonly sent: number
  /** Bytes of the file. */
  readonly total: number
  /** 0 to 100, of `sent`; 100 only when all is stored. */
  readonly percent: number
  /** Bytes per second, smoothed over acknowledged and in-flight bytes; `null` while unknown. */
  readonly speed: number | null
  /** `null` while unknown. */
  readonly secondsLeft: number | null
  /** What was in flight when sending stopped last, by a pause for instance, and is sent again; 0 while sending. */
  readonly givenUp: number
  /**
   * By how much `loaded` has gone back: what was told as stored, and is missing or different in the store. Falls to 0 again
   * as it is sent anew.
   */
  readonly lost: number
}

/** How the upload stands in the tab that has it. */
export interface OtherTab {
  /** As {@link UploadSnapshot.state}, there. */
  readonly state: UploadState
  /** Present in state `waiting`. */
  readonly waitReason?: WaitReason
}

/** What is known of an upload at one moment. */
export interface UploadSnapshot {
  /** Where it stands; `done` and `cancelled` are final. */
  readonly state: UploadState
  /** Present in state `waiting`. */
  readonly waitReason?: WaitReason
  /** Present while it waits to try again: when it will by itself, Unix milliseconds. `resume()` tries now. */
  readonly retryAt?: number
  /** Present while it waits for `store-unreachable`: the host that does not answer. */
  readonly host?: string
  /** What the last attempt failed with, while it waits to try again; else `null`. The same object until it changes. */
  readonly lastError: UploadError | null
  /**
   * Present in state `waiting` for `other-tab` once that tab was heard: `progress` is then the one it makes, and
   * `pause()`, `resume()` and `cancel()` act there. `otherTab.state` is `paused` when the upload stands still.
   */
  readonly otherTab?: OtherTab
  /** Of this run, and of what was stored before it. */
  readonly progress: UploadProgress
  /** Bytes that the store already had when this run began and that were found equal. */
  readonly resumedBytes: number
  /** Present while the file is compared with what this owner has stored before, and while `onDuplicate` is asked. */
  readonly duplicate?: DuplicateCheck
  /** Present in state `failed`. */
  readonly error?: UploadError
  /** Present in state `done`. */
  readonly result?: UploadResult
}

/** What an application says of a file, by name. */
export type Metadata = Readonly<Record<string, string>>

/** The stored object of an upload that is done. */
export interface UploadResult {
  /** The server's id of the upload. */
  readonly id: string
  /** Where the object can be downloaded: absolute. Who may depends on the server. */
  readonly url: string
  /** Of the object in the bucket. */
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** CRC-64 of the object, unsigned decimal; `null` where the store has none. */
  readonly crc64: string | null
  /** Which one: COS has CRC-64/XZ (`crc64ecma`), Amazon S3 CRC-64/NVME. */
  readonly crc64Type: Crc64Type
  /** What was checked, strongest first; never empty: the size is always compared. */
  readonly verified: readonly ('object-crc64' | 'part-crc64' | 'part-md5' | 'size')[]
  /** Present when nothing was sent: the object is that of an earlier upload, of the same content. */
  readonly reused?: true
  /** What the application's server answered about the finished upload, JSON; absent: nothing, or not yet. */
  readonly data?: unknown
}

/**
 * One file on its way into the store.
 *
 * @example
 * const upload = uploader.upload(file)
 * const stop = upload.on('change', ({ state, progress }) => render(state, progress.percent))
 * const { url } = await upload.done
 */
export interface Upload {
  /** As it was given to `upload`. */
  readonly metadata?: Metadata
  /** The file that is uploaded. */
  readonly file: { readonly name: string; readonly size: number; readonly type: string }
  /** The server's id, once open. */
  readonly id: string | null
  /** The same object as long as nothing has changed, as React's `useSyncExternalStore` asks for. */
  readonly snapshot: UploadSnapshot
  /**
   * Resolves when done; rejects with an {@link UploadError}, also after `cancel()` (code `cancelled`). After a
   * failure, `resume()` makes a new one. A rejection that nobody handles is not reported: the snapshot tells it too.
   */
  readonly done: Promise<UploadResult>
  /** Calls `listener` after each change of state and, while sending, at most every 500 ms. Returns the way to stop. */
  on(event: 'change', listener: (snapshot: UploadSnapshot) => void): () => void
  /**
   * Stops sending: nothing new goes out, and requests are aborted unless the line has probably carried them within a
   * second; those may arrive yet. What the store acknowledged stays; `progress.givenUp` tells what has to be sent again.
   * A paused upload is still this tab's: no other tab goes on with it by itself until this one is closed.
   */
  pause(): void
  /**
   * Goes on after `pause()`, and tries again after a failure. While it waits to try again, it and all others that do
   * try now, as after `Uploader.retryNow()`.
   */
  resume(): void
  /**
   * Stops, in whichever tab it goes on, and removes what the store holds; resolves once it is gone. What is done by then
   * stays done. Rejects with an {@link UploadError} when it could not be removed; call it again then.
   */
  cancel(): Promise<void>
}

/** What went wrong, as a closed set; {@link UploadError.message} says what to do. */
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

/** What ended an upload, or one attempt at it. `message` says what happened and what to do. */
export class UploadError extends Error {
  /** Always `UploadError`. */
  override readonly name = 'UploadError'
  /** What went wrong, for code: for people there is `message`. */
  readonly code: UploadErrorCode
  /** Whether `resume()` may succeed without anything being changed. */
  readonly retryable: boolean
  /** The store's or the server's id of the request, for its operator. */
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

/** An upload of this owner that is done, from this page or an earlier one. */
export interface FinishedUpload {
  /** The server's id. */
  readonly id: string
  /** Of the file; it may have been renamed since. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type as it was declared, maybe empty; absent: not known. */
  readonly type?: string
  /** Where the object can be downloaded: absolute. */
  readonly url: string
  /** ISO time. */
  readonly finishedAt: string
}

/** How far it is known whether a file is there already. */
export interface DuplicateCheck {
  /** The finished upload of this very content; `null` while that is being found out. */
  readonly stored: FinishedUpload | null
  /** Bytes of the file that were read and hashed so far. */
  readonly compared: number
}

/** One of the ways in which an object was compared with its file. */
export type Verification = UploadResult['verified'][number]
