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
