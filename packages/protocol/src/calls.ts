import type { AccessAnswer } from './access.js'
import type { PartRun } from './part-plan.js'
import type { Crc64Type, RegisteredUpload, StoredPartInfo } from './upload.js'

/** What an upload is opened for. */
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
  /** This client decides while it sends how large the parts after the first ones are. */
  readonly grows?: boolean | undefined
  /** With `md5`: whether a signed form may be answered instead of one signed PUT. */
  readonly forms?: boolean | undefined
  /**
   * This client cannot sign, such as a page on plain http, which has no Web Crypto: it is to have signed part URLs where others
   * get credentials. It names the parts when it renews its grant.
   */
  readonly urls?: boolean | undefined
  /** The open upload of this fingerprint is of another file: this one is to have a separate upload. */
  readonly separate?: boolean | undefined
  /**
   * The id of an open upload of an earlier version of this file, which is to be continued: equal parts are not sent again.
   * Where that is not possible, another is opened.
   */
  readonly continues?: string | undefined
  /**
   * What is to be known of the file beside it: for the application's own server, and kept with the object. Names have 1 to 64
   * characters of `a-z 0-9 -`, values at least one character. Together they have at most `longestMetadata` bytes, a
   * value as it is stored: of what is no printable ASCII, each byte of UTF-8 takes three.
   */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Where the file was in the picked folder, at most 1 024 characters: data, never a path. */
  readonly path?: string | undefined
}

/** Body of `POST /uploads`. */
export interface OpenBody extends OpenRequest {
  /** Open nothing while there are finished uploads that may be of this content: answer those. */
  readonly unlessDone?: boolean | undefined
}

/** Answer to `POST /uploads`. */
export interface OpenedUpload extends AccessAnswer {
  /** The one that was opened, or found. */
  readonly upload: RegisteredUpload
  /** Whether this call opened it; absent: unknown. */
  readonly created?: boolean
  /** What the store holds of it. */
  readonly parts: readonly StoredPartInfo[]
  /** What its parts and its object can be verified by. */
  readonly checksums: Checksums
}

/** The checksums that the store answers; `null`: none. */
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
  /** At least one, whose object the store held as it was recorded a moment ago. */
  readonly duplicates: readonly RegisteredDuplicate[]
  /** Unix seconds of the server's clock when it answered. */
  readonly serverTime: number
}

/** A finished upload of this owner that may be of the same content, and what that can be verified by. */
export interface RegisteredDuplicate {
  /** State `done`. */
  readonly upload: RegisteredUpload
  /** Base64 MD5 of the whole content, for mode `single`. */
  readonly md5: string | null
  /** Hex SHA-256 of the parts' MD5s, joined by line feeds; `null` where the store's ETags are none, and for mode `single`. */
  readonly etagsDigest: string | null
}

/** Body of `POST /uploads/:id/access`. */
export interface AccessBody {
  /** Parts of which signed URLs are wanted, also where others get credentials; absent: credentials, or URLs of the next ones. */
  readonly partNumbers?: readonly number[] | undefined
  /** Bytes of these parts, in the same order: their URLs take just so many. */
  readonly sizes?: readonly number[] | undefined
}

/** Body of `POST /uploads/:id/complete`: what the client has stored. */
export interface CompleteRequest {
  /** Bytes. */
  readonly size: number
  /** Of the whole content, unsigned decimal. */
  readonly crc64?: string | undefined
  /**
   * Of all parts in order; absent for mode `single`. Empty for a part whose ETag was hidden from this page, and whose
   * CRC-64 was not: the server uses the one that the store lists.
   */
  readonly etags?: readonly string[] | undefined
  /** How the file was cut; absent: all parts have the upload's `partSize`. */
  readonly partRuns?: readonly PartRun[] | undefined
  /** Of the file that the upload was finished with, where it was opened by another name or type. */
  readonly name?: string | undefined
  /** Media type of that file. */
  readonly type?: string | undefined
}

/** Answer to `GET /uploads/:id` and to a complete. */
export interface UploadAnswer {
  /** As it is on record now. */
  readonly upload: RegisteredUpload
  /** What the application's own server says of the finished upload; absent: nothing, or not yet. */
  readonly result?: UploadResultData
}

/** What an application's own server says of a finished upload. */
export interface UploadResultData {
  /** JSON. */
  readonly data: unknown
}

/** Body of `PATCH /uploads/:id`. */
export interface RenameBody {
  /** Another name for a finished upload. */
  readonly name: string
}

/** Answer to `GET /limits`: what the caller may upload. `null`: no limit. */
export interface LimitsAnswer {
  /** What the caller may upload. */
  readonly limits: {
    /** Bytes of the largest file. */
    readonly maxFileBytes: number
    /** Media types that are taken; `image/*` is all of a kind. */
    readonly mediaTypes: readonly string[] | null
    /** Endings of names that are taken. */
    readonly extensions: readonly string[] | null
    /** Unfinished uploads at once. */
    readonly openFiles: number | null
    /** Bytes for which unfinished uploads were opened. */
    readonly openBytes: number | null
    /** Bytes of all uploads, finished and unfinished. */
    readonly totalBytes: number | null
  }
  /** What the caller uploads now, and has stored. */
  readonly used: {
    /** Unfinished uploads. */
    readonly openFiles: number
    /** Bytes for which unfinished uploads were opened. */
    readonly openBytes: number
    /** Bytes of all uploads, finished and unfinished. */
    readonly totalBytes: number
  }
  /** What is left of the limits; never below 0. */
  readonly left: {
    /** How many more may be opened. */
    readonly openFiles: number | null
    /** Bytes. */
    readonly openBytes: number | null
    /** Bytes. */
    readonly totalBytes: number | null
  }
  /** Absent: a server of an earlier version, or one of another make. */
  readonly terms?: UploadTerms
}

/** Where the caller's uploads are kept, for how long, and for whom. */
export interface UploadTerms {
  /** Host of the store that has the files. */
  readonly storeHost: string
  /** Days without any request after which an unfinished upload is removed. */
  readonly unfinishedDays: number
  /** Days after which a finished upload is removed with its object; `null`: it stays. */
  readonly finishedDays: number | null
  /** Whether nobody signs in: the uploads are those of whoever uses this browser. */
  readonly anonymous: boolean
  /** Seconds that a share link of the caller's may work at most; 0: the caller may not share. */
  readonly shareSeconds: number
}

/** Answer to `GET /uploads/:id/parts`. */
export interface PartsAnswer {
  /** What the store holds, ascending. */
  readonly parts: readonly StoredPartInfo[]
}

/** Query of `GET /uploads`. */
export interface ListQuery {
  /** `open` includes uploads that are completing. */
  readonly state?: 'open' | 'done' | undefined
  /** 1 to 200. */
  readonly limit?: number | undefined
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

/** Answer to `GET /uploads`: this owner's, newest first. */
export interface UploadPage {
  /** Without `partRuns`. */
  readonly uploads: readonly RegisteredUpload[]
  /** For the query's `cursor`; `null`: there are no more. */
  readonly next: string | null
  /** Origin of the store's URLs, so that a connection can be there before it is needed; absent: the first part opens it. */
  readonly storeOrigin?: string
}

/** Body of `POST /uploads/batch`: opens and completes of several small files, at most 50 of either. */
export interface BatchBody {
  /** At most 50. */
  readonly open?: readonly BatchedOpen[] | undefined
  /** At most 50. */
  readonly complete?: readonly BatchedComplete[] | undefined
}

export interface BatchedOpen extends OpenBody {
  readonly md5: string
}

/** Of a file that went as one PUT. */
export interface BatchedComplete extends Pick<CompleteRequest, 'size' | 'crc64'> {
  /** Of the upload. */
  readonly id: string
}

/** Answer to `POST /uploads/batch`: each in its place. */
export interface BatchedAnswers {
  /** In the order of {@link BatchBody.open}. */
  readonly opened: readonly BatchedAnswer[]
  /** In the order of {@link BatchBody.complete}. */
  readonly completed: readonly BatchedAnswer[]
}

/** Status and body that a call of its own would have been answered. */
export interface BatchedAnswer {
  /** HTTP status. */
  readonly status: number
  /** Of a failure a {@link ProblemDocument}. */
  readonly body: unknown
}

/** Body of `POST /uploads/:id/link`. */
export interface LinkBody {
  /** Seconds, 1 to 604 800, or as many as the server lets the caller; default: a day, where that is not too long. */
  readonly expiresIn?: number | undefined
  /** Whether the link shows the file in the browser, where that is safe; default: it downloads the file. */
  readonly inline?: boolean | undefined
}

/** Answer to `POST /uploads/:id/link`: everybody who has the URL may download the object until then. */
export interface LinkAnswer {
  /** Absolute. */
  readonly url: string
  /** ISO 8601. */
  readonly expiresAt: string
}
