/**
 * One object store, of any dialect. All calls of a store go through this interface.
 *
 * Every method rejects with a {@link StoreError} when the store refuses or cannot be reached; an answer of
 * status 200 that carries an `<Error>` body is a refusal too.
 */
export interface ObjectStore {
  /** Where browsers reach it. */
  readonly location: StoreLocation
  readonly capabilities: StoreCapabilities
  readonly dialect: DialectInfo

  /**
   * Begins a multipart upload; the store keeps its parts until it is completed or aborted.
   *
   * @param options `checksum`: whether the store is to compute one of each part, where that has to be asked for. Default:
   * whether {@link StoreCapabilities.partChecksum} says that it can.
   */
  createMultipartUpload(
    key: string,
    options?: ObjectHeaders & { readonly checksum?: boolean },
  ): Promise<{ readonly uploadId: string }>
  /**
   * Sends one part; sent again under the same number it replaces the first one.
   *
   * @throws StoreError of code `NoSuchUpload` when the upload is not open
   */
  uploadPart(part: PartAddress, body: Uint8Array | Blob, signal?: AbortSignal): Promise<UploadedPart>
  /** All parts, ascending, every page read. Rejects with `NoSuchUpload` when the upload is not open. */
  listParts(key: string, uploadId: string): Promise<readonly StoredPart[]>
  /** Resolves once the store has joined the parts, which may take minutes for a large object. */
  completeMultipartUpload(
    key: string,
    uploadId: string,
    parts: readonly { readonly partNumber: number; readonly etag: string }[],
    options?: {
      readonly forbidOverwrite?: boolean
      /**
       * CRC-64 of the whole, unsigned decimal, of the store's own kind. Where the store can, it refuses with
       * `BadDigest` to make another object; elsewhere it means nothing.
       */
      readonly crc64?: string
    },
  ): Promise<UploadedObject>
  /** Also resolves when the upload is already gone. */
  abortMultipartUpload(key: string, uploadId: string): Promise<void>
  /** Open multipart uploads whose key begins with `prefix`, every page read. */
  listMultipartUploads(prefix: string): AsyncIterable<OpenMultipartUpload>

  /** Stores one object in one request, of at most {@link StoreCapabilities.maxPutSize} bytes. */
  putObject(
    key: string,
    body: Uint8Array | Blob,
    headers?: ObjectHeaders & { readonly forbidOverwrite?: boolean },
  ): Promise<UploadedObject>
  /** `null` when there is no such key. */
  headObject(key: string): Promise<ObjectInfo | null>
  /** `range` in bytes from `start` to before `end`, as in `slice`. The answer's body is to be read or cancelled. */
  getObject(key: string, range?: { readonly start: number; readonly end: number }): Promise<Response>
  /** Also resolves when there is no such key. */
  deleteObject(key: string): Promise<void>

  /** A URL that does exactly one thing until it expires. `headers` must be sent with it as they are. */
  presign(request: PresignRequest): Promise<SignedRequest>
  /**
   * A form that stores one object under one key until it expires: these bytes, with this name and type, and no others.
   * Rejects with `NotImplemented` where the dialect has no form that fixes the bytes.
   */
  presignForm(request: FormRequest): Promise<SignedForm>

  /** Rejects when the bucket is missing, refuses access or cannot be reached. */
  headBucket(): Promise<void>
  /** Whether an overwritten or deleted object stays as an older version. Then nothing is refused for the key being taken. */
  isVersioned(): Promise<boolean>
  /** The bucket's CORS rules, in order; none when it has no configuration. */
  getCors(): Promise<readonly CorsRule[]>
  /** Replaces all CORS rules of the bucket. */
  putCors(rules: readonly CorsRule[]): Promise<void>
  /** Days after which unfinished multipart uploads under `prefix` are removed by the store; `null` when no rule says so. */
  getAbortIncompleteDays(prefix: string): Promise<number | null>
  /**
   * Sets what {@link ObjectStore.getAbortIncompleteDays} answers, in a lifecycle rule of the bucket.
   *
   * @param days 1 or more
   */
  putAbortIncompleteDays(prefix: string, days: number): Promise<void>
}

/** What other code needs to know of the store's dialect: data, so that no code depends on the dialect's name. */
export interface DialectInfo {
  /** `cos`, `s3`, or another's. */
  readonly name: string
  /** For people: `COS`. */
  readonly label: string
  /** Maps the dialect's own error codes to those of COS and S3, which callers get. */
  readonly commonCodes: Readonly<Record<string, string>>
  readonly cors: RequiredCors
  readonly permissions: StorePermissions
}

/** What a bucket's CORS rules have to let a page do. */
export interface RequiredCors {
  readonly methods: readonly string[]
  /** Headers that requests have beyond those that HTTP itself knows, in lower case. */
  readonly requestHeaders: readonly string[]
  /** Response headers that a page has to read, beyond those of HTTP itself. */
  readonly answerHeaders: readonly string[]
}

/** What the key of a server must be allowed, as policies of the store call it. */
export interface StorePermissions {
  readonly reachBucket: string
  readonly readCors: string
  readonly readLifecycle: string
  readonly readVersioning: string
  readonly startUpload: string
  readonly listParts: string
  readonly listUploads: string
  readonly endUpload: string
}

/** Where a bucket is. Holds no secret: the browser gets it as well. */
export interface StoreLocation {
  /** By its name; a page signs parts by itself for those that it knows. */
  readonly dialect: string
  /**
   * Address of the bucket without a trailing slash: `https://b-1250000000.cos.ap-guangzhou.myqcloud.com`
   * (virtual-host style) or `http://127.0.0.1:3001/b-1250000000` (path style). A key's URL is
   * `baseUrl + '/' + encoded key`.
   */
  readonly baseUrl: string
  readonly bucket: string
  readonly region: string
}

/**
 * The CRC-64s that stores compute; their polynomials are in `@carryon/hash`.
 *
 * - `crc64ecma`: CRC-64/XZ, the header `x-cos-hash-crc64ecma` (COS 436/40334).
 * - `crc64nvme`: CRC-64/NVME, the header `x-amz-checksum-crc64nvme` (Amazon S3 user guide, "Checking object integrity").
 */
export type Crc64Type = 'crc64ecma' | 'crc64nvme'

/** What a store can verify and what it allows: data, so that no code depends on the dialect's name. */
export interface StoreCapabilities {
  /** Checksum in the answer to each part; `null`: none, then the ETag must be an MD5. */
  readonly partChecksum: Crc64Type | null
  /** Checksum of the whole object in the answers to complete and HEAD. */
  readonly objectChecksum: Crc64Type | null
  readonly etagIsMd5: boolean
  /** Bytes. Every part but the last has at least this size. */
  readonly minPartSize: number
  readonly maxPartSize: number
  readonly maxParts: number
  /** Whether every part but the last must have the same size. */
  readonly equalParts: boolean
  /** Bytes; the largest body of one PUT. */
  readonly maxPutSize: number
  readonly maxObjectSize: number
  /** Whether "do not overwrite" is honoured on PUT. */
  readonly forbidOverwrite: boolean
  /** Whether it is honoured when a multipart upload completes. */
  readonly forbidOverwriteOnComplete: boolean
  /**
   * Whether the store accepts a signed PUT with signed empty headers, as {@link emptyObjectHeaders}: then no client can
   * set them. `probeStore` finds it out.
   */
  readonly emptyHeaders: boolean
  /**
   * Whether a signed form accepts its bytes and no others, so that browsers may send small files by it: a form needs no
   * preflight. No document promises the second half; `probeForms` finds it out.
   */
  readonly forms: boolean
}

/** Keys that sign requests: permanent ones, or temporary ones with a session token. */
export interface StoreCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Present for temporary credentials. */
  readonly sessionToken?: string
}

/** Headers that are stored with an object, and the MD5 that its body must have. */
export interface ObjectHeaders {
  readonly contentType?: string
  readonly contentDisposition?: string
  readonly cacheControl?: string
  /** By names of `0-9 a-z -`; values may be any text, see `encodeMetadata`. */
  readonly metadata?: Readonly<Record<string, string>>
  /** By the store's own name: `STANDARD_IA`, `ARCHIVE`. @default the bucket's */
  readonly storageClass?: string
  /** At most 10. */
  readonly tags?: Readonly<Record<string, string>>
  /** Encryption at rest. @default the bucket's */
  readonly encryption?: ObjectEncryption
  /** Base64 MD5 of the body; the store refuses other bytes. */
  readonly contentMd5?: string
}

/**
 * Whose key encrypts an object at rest: the store's own (SSE-COS, SSE-S3), or one of its key management service, by default
 * the account's. With `kms` an ETag is no MD5.
 */
export type ObjectEncryption =
  { readonly by: 'store' } | { readonly by: 'kms'; readonly keyId?: string | undefined }

/** Which part of which multipart upload. */
export interface PartAddress {
  readonly key: string
  readonly uploadId: string
  /** 1 to `maxParts`. */
  readonly partNumber: number
}

/** One part as the store lists it. */
export interface StoredPart {
  readonly partNumber: number
  /** Bytes. */
  readonly size: number
  /** Without quotes, as the store wrote it. */
  readonly etag: string
  /** CRC-64 of the part, unsigned decimal, where the store lists one. */
  readonly crc64?: string
}

/** The store's answer to a part. */
export interface UploadedPart {
  readonly etag: string
  /** CRC-64 of the part, unsigned decimal, where the store answers one; `partChecksum` is its type. */
  readonly crc64?: string
}

/** The store's answer to an object that was put or completed. */
export interface UploadedObject {
  readonly etag: string
  readonly crc64?: string
}

/** An object as HEAD tells it. */
export interface ObjectInfo extends UploadedObject {
  /** Bytes. */
  readonly size: number
  readonly lastModified: Date
}

/** A multipart upload that was neither completed nor aborted. */
export interface OpenMultipartUpload {
  readonly key: string
  readonly uploadId: string
  readonly initiated: Date
}

/** What a presigned URL is to allow. */
export interface PresignRequest {
  readonly method: 'GET' | 'PUT' | 'HEAD'
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  /** Signed: the request is refused unless it carries exactly these. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** PUT only: refused when the key exists. Adds a header of the store's dialect, where the store can do this. */
  readonly forbidOverwrite?: boolean
  /** Seconds from now. */
  readonly expiresIn: number
}

/** A request that carries its signature. */
export interface SignedRequest {
  readonly method: string
  readonly url: string
  /** To be sent as they are; without those that the browser sets itself (host, content-length). */
  readonly headers: Readonly<Record<string, string>>
  /** Unix seconds of the store's clock; there when the credentials that signed it end sooner than was asked for. */
  readonly expiresAt?: number
}

/** What a signed form is to allow: one body, by its length and MD5. */
export interface FormRequest {
  readonly key: string
  /** Bytes of the one body that is taken. */
  readonly size: number
  readonly headers: ObjectHeaders & Required<Pick<ObjectHeaders, 'contentMd5'>>
  /** Seconds from now. */
  readonly expiresIn: number
}

/** To be sent by POST as `multipart/form-data`: `fields` in their order, then the body as the field `file`. */
export interface SignedForm {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
  /** As of a {@link SignedRequest}. */
  readonly expiresAt?: number
}

/** One CORS rule of a bucket. */
export interface CorsRule {
  /** The rule's name, where it has one. */
  readonly id?: string
  readonly allowedOrigins: readonly string[]
  readonly allowedMethods: readonly string[]
  readonly allowedHeaders: readonly string[]
  readonly exposeHeaders: readonly string[]
  /** Seconds. */
  readonly maxAge: number
}
