/** Headers that are stored with an object, and the MD5 that its body must have. */
export interface ObjectHeaders {
  /** Media type of downloads. */
  readonly contentType?: string
  /** `Content-Disposition` of downloads. */
  readonly contentDisposition?: string
  /** `Cache-Control` of downloads. */
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
  /** Of the object that it is a part of. */
  readonly key: string
  /** As `createMultipartUpload` answered it. */
  readonly uploadId: string
  /** 1 to `maxParts`. */
  readonly partNumber: number
}

/** One part as the store lists it. */
export interface StoredPart {
  /** 1 to {@link StoreCapabilities.maxParts}. */
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
  /** Without quotes, as the store wrote it. */
  readonly etag: string
  /** CRC-64 of the part, unsigned decimal, where the store answers one; `partChecksum` is its type. */
  readonly crc64?: string
}

/** The store's answer to an object that was put or completed. */
export interface UploadedObject {
  /** Without quotes, as the store wrote it. Of a multipart upload it is no MD5. */
  readonly etag: string
  /** CRC-64 of the object, unsigned decimal, where the store answers one; `objectChecksum` is its type. */
  readonly crc64?: string
}

/** An object as HEAD tells it. */
export interface ObjectInfo extends UploadedObject {
  /** Bytes. */
  readonly size: number
  /** When it was stored, to the second. */
  readonly lastModified: Date
}

/** A multipart upload that was neither completed nor aborted. */
export interface OpenMultipartUpload {
  /** Of the object that it would become. */
  readonly key: string
  /** As `createMultipartUpload` answered it. */
  readonly uploadId: string
  /** When it was begun. */
  readonly initiated: Date
}

/** What a presigned URL is to allow. */
export interface PresignRequest {
  /** The one method that the URL works with. */
  readonly method: 'GET' | 'PUT' | 'HEAD'
  /** Of the object. */
  readonly key: string
  /** Signed: further parameters of the URL. */
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
  /** Such as `PUT`. */
  readonly method: string
  /** Absolute, encoded. */
  readonly url: string
  /** To be sent as they are; without those that the browser sets itself (host, content-length). */
  readonly headers: Readonly<Record<string, string>>
  /** Unix seconds of the store's clock; there when the credentials that signed it end sooner than was asked for. */
  readonly expiresAt?: number
}

/** What a signed form is to allow: one body, by its length and MD5. */
export interface FormRequest {
  /** Of the object. */
  readonly key: string
  /** Bytes of the one body that is taken. */
  readonly size: number
  /** Fixed by the form: the browser cannot send others. */
  readonly headers: ObjectHeaders & Required<Pick<ObjectHeaders, 'contentMd5'>>
  /** Seconds from now. */
  readonly expiresIn: number
}

/** To be sent by POST as `multipart/form-data`: `fields` in their order, then the body as the field `file`. */
export interface SignedForm {
  /** Where it is sent by POST. */
  readonly url: string
  /** Sent in this order; the signature is among them. */
  readonly fields: Readonly<Record<string, string>>
  /** As of a {@link SignedRequest}. */
  readonly expiresAt?: number
}

/** One CORS rule of a bucket. */
export interface CorsRule {
  /** The rule's name, where it has one. */
  readonly id?: string
  /** Such as `https://app.example`; `*` is any. */
  readonly allowedOrigins: readonly string[]
  /** Such as `PUT`. */
  readonly allowedMethods: readonly string[]
  /** Of requests; `*` is any. */
  readonly allowedHeaders: readonly string[]
  /** Of answers: those that a page may read. */
  readonly exposeHeaders: readonly string[]
  /** Seconds. */
  readonly maxAge: number
}
