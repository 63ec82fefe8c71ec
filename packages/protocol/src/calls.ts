import type { AccessAnswer } from './access.js'
import type { PartRun } from './part-plan.js'
import type { Crc64Type, RegisteredUpload, StoredPartInfo } from './upload.js'

/** Describes the file that an upload is opened for. */
export interface OpenRequest {
  /** 1 to 128 characters of `0-9 A-Z a-z : . _ -`; see {@link RegisteredUpload.identity}. */
  readonly identity: string
  /** At most 1 024 characters. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type, at most 255 characters; default: empty. */
  readonly type?: string | undefined
  /** Base64 MD5 of the whole content of a small file: asks for one signed PUT. */
  readonly md5?: string | undefined
  /** Requested, in bytes; the server rounds it to what the store allows. Ignored with `grows`. */
  readonly partSize?: number | undefined
  /** The client chooses the size of the parts after the first ones while it sends. */
  readonly grows?: boolean | undefined
  /** With `md5`: whether the server may answer with a signed form instead of one signed PUT. */
  readonly forms?: boolean | undefined
  /**
   * The client cannot sign requests, for example because its page is on plain http, which has no Web Crypto. The
   * server then grants signed part URLs instead of credentials; the client names the parts when it renews its grant.
   */
  readonly urls?: boolean | undefined
  /** The open upload with this fingerprint belongs to another file: open a separate upload. */
  readonly separate?: boolean | undefined
  /**
   * Id of an open upload of an earlier version of this file, to continue: equal parts are not sent again. If it
   * cannot be continued, another upload is opened.
   */
  readonly continues?: string | undefined
  /**
   * Custom metadata: passed to the application's own server, and kept with the object. Names have 1 to 64 characters
   * of `a-z 0-9 -`, values at least one character. Together they have at most `longestMetadata` bytes, counting
   * values as they are stored: outside printable ASCII, each UTF-8 byte takes three.
   */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Path inside the picked folder, at most 1 024 characters. Treat it as data, never as a path to open. */
  readonly path?: string | undefined
}

/** Body of `POST /uploads`. */
export interface OpenBody extends OpenRequest {
  /** Duplicate check: if finished uploads may have this content, open nothing and answer those uploads. */
  readonly unlessDone?: boolean | undefined
}

/** Answer to `POST /uploads`. */
export interface OpenedUpload extends AccessAnswer {
  /** The upload that was opened or found. */
  readonly upload: RegisteredUpload
  /** Whether this call opened it; absent: unknown. */
  readonly created?: boolean
  /** Parts that the store holds. */
  readonly parts: readonly StoredPartInfo[]
  /** Checksums that can verify its parts and its object. */
  readonly checksums: Checksums
}

/** The checksums that the store returns; `null`: none. */
export interface Checksums {
  /** In the answer to each part. */
  readonly part: Crc64Type | null
  /** Of the whole object. */
  readonly object: Crc64Type | null
  /** Whether the ETag of a part, and of an object that was put, is its MD5. */
  readonly etagIsMd5: boolean
}

/** Answer to `POST /uploads` with `unlessDone`: nothing was opened. */
export interface DuplicatesFound {
  /** At least one. The server has just checked that the store holds each object as recorded. */
  readonly duplicates: readonly RegisteredDuplicate[]
  /** Unix seconds of the server's clock when it answered. */
  readonly serverTime: number
}

/** A finished upload of this owner that may have the same content, and the checksums to verify that. */
export interface RegisteredDuplicate {
  /** State `done`. */
  readonly upload: RegisteredUpload
  /** Base64 MD5 of the whole content, for mode `single`. */
  readonly md5: string | null
  /**
   * Hex SHA-256 of the parts' MD5s, joined by line feeds; `null` for mode `single`, and where the store's ETags are
   * not MD5s.
   */
  readonly etagsDigest: string | null
}

/** Body of `POST /uploads/:id/access`. */
export interface AccessBody {
  /**
   * Part numbers to return signed URLs for, even where credentials are the usual grant; absent: credentials, or URLs
   * of the next parts.
   */
  readonly partNumbers?: readonly number[] | undefined
  /** Sizes of these parts in bytes, in the same order: each URL accepts exactly that many bytes. */
  readonly sizes?: readonly number[] | undefined
}

/** Body of `POST /uploads/:id/complete`: what the client has stored. */
export interface CompleteRequest {
  /** Bytes. */
  readonly size: number
  /** CRC-64 of the whole content, unsigned decimal. */
  readonly crc64?: string | undefined
  /**
   * ETags of all parts in order; absent for mode `single`. Empty for a part whose ETag the page could not read
   * although it could read the CRC-64: the server then uses the ETag that the store lists.
   */
  readonly etags?: readonly string[] | undefined
  /** How the file was divided into parts; absent: all parts have the upload's `partSize`. */
  readonly partRuns?: readonly PartRun[] | undefined
  /** Name of the file that finished the upload, if it was opened with another name or type. */
  readonly name?: string | undefined
  /** Media type of that file. */
  readonly type?: string | undefined
}

/** Answer to `GET /uploads/:id` and to a complete. */
export interface UploadAnswer {
  /** Its current record. */
  readonly upload: RegisteredUpload
  /** Data from the application's own server about the finished upload; absent: none, or not yet. */
  readonly result?: UploadResultData
}

/** Data from the application's own server about a finished upload. */
export interface UploadResultData {
  /** JSON. */
  readonly data: unknown
}

/** Body of `PATCH /uploads/:id`. */
export interface RenameBody {
  /** New name for a finished upload. */
  readonly name: string
}

/** Answer to `GET /limits`: what the caller may upload. `null`: no limit. */
export interface LimitsAnswer {
  /** What the caller may upload. */
  readonly limits: {
    /** Bytes of the largest file. */
    readonly maxFileBytes: number
    /** Accepted media types; `image/*` accepts all images. */
    readonly mediaTypes: readonly string[] | null
    /** Accepted file name extensions. */
    readonly extensions: readonly string[] | null
    /** Unfinished uploads at the same time. */
    readonly openFiles: number | null
    /** Total declared bytes of unfinished uploads. */
    readonly openBytes: number | null
    /** Bytes of all uploads, finished and unfinished. */
    readonly totalBytes: number | null
  }
  /** What the caller uses at present. */
  readonly used: {
    /** Unfinished uploads. */
    readonly openFiles: number
    /** Total declared bytes of unfinished uploads. */
    readonly openBytes: number
    /** Bytes of all uploads, finished and unfinished. */
    readonly totalBytes: number
  }
  /** What remains of the limits; never below 0. */
  readonly left: {
    /** How many more uploads may be opened. */
    readonly openFiles: number | null
    /** Bytes. */
    readonly openBytes: number | null
    /** Bytes. */
    readonly totalBytes: number | null
  }
  /** Absent if the server is an earlier version or another implementation. */
  readonly terms?: UploadTerms
}

/** Where the caller's uploads are stored, for how long, and who can see them. */
export interface UploadTerms {
  /** Host of the store that holds the files. */
  readonly storeHost: string
  /** Days without any request after which an unfinished upload is removed. */
  readonly unfinishedDays: number
  /** Days after which a finished upload and its object are removed; `null`: never. */
  readonly finishedDays: number | null
  /** Whether users do not sign in: the uploads then belong to whoever uses this browser. */
  readonly anonymous: boolean
  /** Longest lifetime of the caller's share links in seconds; 0: the caller may not share. */
  readonly shareSeconds: number
}

/** Answer to `GET /uploads/:id/parts`. */
export interface PartsAnswer {
  /** Parts that the store holds, in ascending order. */
  readonly parts: readonly StoredPartInfo[]
}

/** Query of `GET /uploads`. */
export interface ListQuery {
  /** `open` includes uploads that are completing. */
  readonly state?: 'open' | 'done' | undefined
  /** 1 to 200. */
  readonly limit?: number | undefined
  /** `next` of the previous page. */
  readonly cursor?: string | undefined
}

/** Answer to `GET /uploads`: this owner's uploads, newest first. */
export interface UploadPage {
  /** Without `partRuns`. */
  readonly uploads: readonly RegisteredUpload[]
  /** Value for the next query's `cursor`; `null`: this is the last page. */
  readonly next: string | null
  /** Origin of the store's URLs, so that the client can connect early; absent: the first part opens the connection. */
  readonly storeOrigin?: string
}

/** Body of `POST /uploads/batch`: opens and completes several small files, at most 50 each. */
export interface BatchBody {
  /** At most 50. */
  readonly open?: readonly BatchedOpen[] | undefined
  /** At most 50. */
  readonly complete?: readonly BatchedComplete[] | undefined
}

export interface BatchedOpen extends OpenBody {
  readonly md5: string
}

/** A complete request for a file that was sent as one PUT. */
export interface BatchedComplete extends Pick<CompleteRequest, 'size' | 'crc64'> {
  /** Id of the upload. */
  readonly id: string
}

/** Answer to `POST /uploads/batch`, in the order of the request. */
export interface BatchedAnswers {
  /** In the order of {@link BatchBody.open}. */
  readonly opened: readonly BatchedAnswer[]
  /** In the order of {@link BatchBody.complete}. */
  readonly completed: readonly BatchedAnswer[]
}

/** Status and body that a separate call would have returned. */
export interface BatchedAnswer {
  /** HTTP status. */
  readonly status: number
  /** For a failure, a {@link ProblemDocument}. */
  readonly body: unknown
}

/** Body of `POST /uploads/:id/link`. */
export interface LinkBody {
  /**
   * Seconds, from 1 to 604 800 or the caller's `shareSeconds`; default: a day, or less if the caller may not share
   * that long.
   */
  readonly expiresIn?: number | undefined
  /** Whether the link shows the file in the browser, where that is safe; default: the link downloads the file. */
  readonly inline?: boolean | undefined
}

/** Answer to `POST /uploads/:id/link`: anyone who has the URL may download the object until it expires. */
export interface LinkAnswer {
  /** Absolute. */
  readonly url: string
  /** ISO 8601. */
  readonly expiresAt: string
}
