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
  /** COS: name with APPID. */
  readonly bucket: string
  /** Such as `ap-guangzhou`; it is part of S3 signatures. */
  readonly region: string
}

/** Keys that sign requests: permanent ones, or temporary ones with a session token. */
export interface StoreCredentials {
  /** COS: SecretId. */
  readonly accessKeyId: string
  /** COS: SecretKey. Signs, and is never sent. */
  readonly secretAccessKey: string
  /** Present for temporary credentials. */
  readonly sessionToken?: string
}

/** What other code needs to know of the store's dialect: data, so that no code depends on the dialect's name. */
export interface DialectInfo {
  /** `cos`, `s3`, or another's. */
  readonly name: string
  /** For people: `COS`. */
  readonly label: string
  /** Maps the dialect's own error codes to those of COS and S3, which callers get. */
  readonly commonCodes: Readonly<Record<string, string>>
  /** What a page needs of the bucket's CORS rules. */
  readonly cors: RequiredCors
  /** What a server needs of the bucket's policies. */
  readonly permissions: StorePermissions
}

/** What a bucket's CORS rules have to let a page do. */
export interface RequiredCors {
  /** Such as `PUT`. */
  readonly methods: readonly string[]
  /** Headers that requests have beyond those that HTTP itself knows, in lower case. */
  readonly requestHeaders: readonly string[]
  /** Response headers that a page has to read, beyond those of HTTP itself. */
  readonly answerHeaders: readonly string[]
}

/** What the key of a server must be allowed, as policies of the store call it. */
export interface StorePermissions {
  /** HEAD of the bucket. */
  readonly reachBucket: string
  /** Reading its CORS rules. */
  readonly readCors: string
  /** Reading its lifecycle rules. */
  readonly readLifecycle: string
  /** Reading whether it keeps versions. */
  readonly readVersioning: string
  /** Storing an object: a PUT, a form, or beginning a multipart upload. */
  readonly startUpload: string
  /** Listing the parts of a multipart upload. */
  readonly listParts: string
  /** Listing multipart uploads. */
  readonly listUploads: string
  /** Completing and aborting a multipart upload. */
  readonly endUpload: string
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
  /** Whether the ETag of a part, and of an object that was put, is its MD5. */
  readonly etagIsMd5: boolean
  /** Bytes. Every part but the last has at least this size. */
  readonly minPartSize: number
  /** Bytes. */
  readonly maxPartSize: number
  /** Of one multipart upload: also the highest part number. */
  readonly maxParts: number
  /** Whether every part but the last must have the same size. */
  readonly equalParts: boolean
  /** Bytes; the largest body of one PUT. */
  readonly maxPutSize: number
  /** Bytes. */
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
