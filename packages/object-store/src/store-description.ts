/** Location of a bucket. Contains no secrets: browsers receive it too. */
export interface StoreLocation {
  /** Name of the dialect; a page can sign parts itself only for dialects that it implements. */
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

/** Properties of a dialect as data, so that other code does not depend on the dialect's name. */
export interface DialectInfo {
  /** `cos`, `s3`, or another name. */
  readonly name: string
  /** Display name: `COS`. */
  readonly label: string
  /** Maps the dialect's error codes to those of COS and S3, which callers receive. */
  readonly commonCodes: Readonly<Record<string, string>>
  /** CORS rules that a page needs. */
  readonly cors: RequiredCors
  /** Permissions that a server needs. */
  readonly permissions: StorePermissions
}

/** What a bucket's CORS rules must allow a page. */
export interface RequiredCors {
  /** Such as `PUT`. */
  readonly methods: readonly string[]
  /** Request headers beyond those of HTTP itself, in lower case. */
  readonly requestHeaders: readonly string[]
  /** Response headers that a page must be able to read, beyond those of HTTP itself. */
  readonly answerHeaders: readonly string[]
}

/** Permissions that a server's key needs, by their names in the store's policies. */
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

/** What a store can verify and what it allows, as data, so that other code does not depend on the dialect's name. */
export interface StoreCapabilities {
  /** Checksum in the answer to each part; `null`: none, in which case the ETag must be an MD5. */
  readonly partChecksum: Crc64Type | null
  /** Checksum of the whole object in the answers to complete and HEAD. */
  readonly objectChecksum: Crc64Type | null
  /** Whether the ETag of a part, and of an object that was put, is its MD5. */
  readonly etagIsMd5: boolean
  /** Bytes. Every part but the last has at least this size. */
  readonly minPartSize: number
  /** Bytes. */
  readonly maxPartSize: number
  /** Most parts of one multipart upload; also the highest part number. */
  readonly maxParts: number
  /** Whether every part but the last must have the same size. */
  readonly equalParts: boolean
  /** Bytes of the largest body of one PUT. */
  readonly maxPutSize: number
  /** Bytes. */
  readonly maxObjectSize: number
  /** Whether "do not overwrite" is honoured on PUT. */
  readonly forbidOverwrite: boolean
  /** Whether it is honoured when a multipart upload completes. */
  readonly forbidOverwriteOnComplete: boolean
  /**
   * Whether the store accepts a signed PUT with signed empty headers, see {@link emptyObjectHeaders}: then no client
   * can set them. `probeStore` tests it.
   */
  readonly emptyHeaders: boolean
  /**
   * Whether a signed form accepts exactly its bytes, so that browsers may send small files with it without a
   * preflight. No documentation promises that other bytes are refused; `probeForms` tests it.
   */
  readonly forms: boolean
}
