import type { BackendError } from './backend-error.js'
import type { Crc64Type } from '@carryon/object-store'
import type { PartRun } from '@carryon/protocol'

/**
 * The application's server as the engine sees it. `httpBackend(url)` speaks docs/api.md; an application with a
 * server of its own implements this interface instead.
 *
 * Every method rejects with a {@link BackendError} when the server refuses or does not answer. Repeating a call
 * is the engine's business: an implementation asks once, and gives up by itself when no answer comes.
 */
export interface UploadBackend {
  open(request: OpenRequest, signal: AbortSignal): Promise<OpenedUpload>
  /**
   * As {@link UploadBackend.open}, but instead of creating an upload while this owner has finished ones of that
   * identity it answers those, and opens nothing. Without this method no upload is ever found to be there already.
   */
  openUnlessDone?(request: OpenRequest, signal: AbortSignal): Promise<OpenedUpload | DuplicatesFound>
  parts(id: string, signal: AbortSignal): Promise<readonly StoredPartInfo[]>
  /**
   * @param partNumbers of which signed URLs are wanted
   * @param sizes bytes of these parts, in the same order: their URLs take just so many
   */
  renewAccess(
    id: string,
    partNumbers: readonly number[] | undefined,
    signal: AbortSignal,
    sizes?: readonly number[],
  ): Promise<RenewedAccess>
  /** Resolves with state `done` or, when the store still joins the parts, `completing`: then call again. */
  complete(id: string, claim: CompleteClaim, signal: AbortSignal): Promise<RegisteredUpload>
  cancel(id: string, signal: AbortSignal): Promise<void>
  get(id: string, signal: AbortSignal): Promise<RegisteredUpload>
  list(query: ListQuery, signal: AbortSignal): Promise<UploadPage>
  /**
   * Opens and completes of several small files in one call, at most 50 of either. Each is answered in its place: with
   * what its own method resolves to, or the error that it rejects with. Rejects when there is no answer for any of them;
   * of status 404, 405 or 501: there are no batches. Without this method every question is a call of its own.
   */
  batch?(request: BatchRequest, signal: AbortSignal): Promise<BatchAnswer>
}

export interface BatchRequest {
  readonly open: readonly BatchedOpen[]
  readonly complete: readonly BatchedComplete[]
}

/** As {@link UploadBackend.open}, or with `unlessDone` as {@link UploadBackend.openUnlessDone}. */
export interface BatchedOpen extends OpenRequest {
  readonly md5: string
  readonly unlessDone?: true
}

/** As {@link UploadBackend.complete}, of a file that went as one PUT. */
export interface BatchedComplete extends CompleteClaim {
  readonly id: string
}

export interface BatchAnswer {
  readonly opened: readonly (OpenedUpload | DuplicatesFound | BackendError)[]
  readonly completed: readonly (RegisteredUpload | BackendError)[]
}

export interface OpenRequest {
  readonly identity: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** Base64 MD5 of the whole content of a small file: asks for one signed PUT. */
  readonly md5?: string
  /** Bytes; a wish. */
  readonly partSize?: number
  /** This client decides on the way how large the parts after the first ones are. */
  readonly grows?: true
  /** With `md5`: whether a signed form may be answered instead of one signed PUT. */
  readonly forms?: true
  /** The open upload of this identity is of another file: this one is to have an upload of its own. */
  readonly separate?: true
  /**
   * The id of an open upload of an earlier state of this file, which is to become this one's: equal parts are not sent
   * again. Whoever cannot do that opens another.
   */
  readonly continues?: string
}

export interface OpenedUpload extends RenewedAccess {
  readonly upload: RegisteredUpload
  /** Whether it was opened by this very call; absent: nobody says. */
  readonly created?: boolean
  readonly parts: readonly StoredPartInfo[]
  readonly checksums: {
    readonly part: Crc64Type | null
    readonly object: Crc64Type | null
    readonly etagIsMd5: boolean
  }
}

/** Nothing was opened. */
export interface DuplicatesFound {
  /** At least one, whose object the store held as it was recorded a moment ago. */
  readonly duplicates: readonly RegisteredDuplicate[]
  /** Unix seconds of the server's clock when it answered. */
  readonly serverTime: number
}

/** A finished upload of this owner that may be of the same content, and what that can be shown by. */
export interface RegisteredDuplicate {
  readonly upload: RegisteredUpload
  /** Base64 MD5 of the whole content, for mode `single`. */
  readonly md5: string | null
  /** SHA-256 of the parts' MD5s, docs/api.md; `null` where the store's ETags are none, and for mode `single`. */
  readonly etagsDigest: string | null
}

export interface RenewedAccess {
  readonly access: Access
  /** Unix seconds of the server's clock when it answered. */
  readonly serverTime: number
}

/** What the server allows this browser to do at the store; docs/api.md. */
export type Access =
  | {
      readonly mode: 'credentials'
      readonly location: {
        readonly dialect: 'cos' | 's3'
        readonly baseUrl: string
        readonly bucket: string
        readonly region: string
      }
      readonly credentials: {
        readonly accessKeyId: string
        readonly secretAccessKey: string
        readonly sessionToken?: string
      }
      /** Unix seconds. */
      readonly startsAt: number
      readonly expiresAt: number
    }
  | { readonly mode: 'urls'; readonly urls: Readonly<Record<string, string>>; readonly expiresAt: number }
  | {
      readonly mode: 'put'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly expiresAt: number
    }
  | {
      readonly mode: 'form'
      readonly url: string
      readonly fields: Readonly<Record<string, string>>
      readonly expiresAt: number
    }

export interface StoredPartInfo {
  readonly partNumber: number
  readonly size: number
  readonly etag: string
  /** Unsigned decimal, where the store lists it. */
  readonly crc64?: string
}

export interface RegisteredUpload {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly type: string
  readonly identity: string
  readonly key: string
  readonly uploadId: string | null
  readonly mode: 'multipart' | 'single'
  readonly partSize: number
  /** Of an upload that grows: as long as nothing more is decided. */
  readonly partCount: number
  /**
   * Whether the sizes of the parts after the first group are decided on the way, by whoever sends them, and claimed at
   * complete. Absent: all parts have `partSize` bytes.
   */
  readonly grows?: boolean
  /** How the file is cut, as far as stored parts or the claim show it; absent or `null`: all parts are of one size. A list may leave it out. */
  readonly partRuns?: readonly PartRun[] | null
  readonly state: 'open' | 'completing' | 'done' | 'cancelled' | 'failed'
  readonly createdAt: string
  readonly updatedAt: string
  readonly expiresAt: string
  readonly finishedAt: string | null
  readonly url: string | null
  readonly crc64: string | null
  /** Which CRC-64 is meant wherever this upload speaks of one; absent: `crc64ecma`. It never changes. */
  readonly crc64Type?: Crc64Type
  readonly etag: string | null
}

export function crc64TypeOf({ crc64Type = 'crc64ecma' }: Pick<RegisteredUpload, 'crc64Type'>): Crc64Type {
  return crc64Type
}

/** How the file is cut, as far as the server knows. */
export function runsOf({
  partRuns,
  partSize,
}: Pick<RegisteredUpload, 'partRuns' | 'partSize'>): readonly PartRun[] {
  return partRuns ?? [{ after: 0, partSize }]
}

export interface CompleteClaim {
  readonly size: number
  readonly crc64?: string
  /**
   * Of all parts in order; absent for mode "single". Empty for a part whose ETag was hidden from this page, and whose
   * CRC-64 was not: the server takes the one that the store lists.
   */
  readonly etags?: readonly string[]
  /** How the file was cut; absent: all parts have the upload's `partSize`. */
  readonly partRuns?: readonly PartRun[]
  /** Of the file that the upload was finished with, where it was opened by another name or type. */
  readonly name?: string
  readonly type?: string
}

export interface ListQuery {
  readonly state: 'open' | 'done'
  readonly limit?: number
  readonly cursor?: string
}

export interface UploadPage {
  readonly uploads: readonly RegisteredUpload[]
  readonly next: string | null
  /** Origin of the store's URLs, so that a connection can be there before it is needed; absent: the first part opens it. */
  readonly storeOrigin?: string
}
