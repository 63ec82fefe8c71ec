/** Headers that are stored with an object, and the MD5 that its body must have. */
export interface ObjectHeaders {
  /** Media type of downloads. */
  readonly contentType?: string
  /** `Content-Disposition` of downloads. */
  readonly contentDisposition?: string
  /** `Cache-Control` of downloads. */
  readonly cacheControl?: string
  /** Custom metadata. Names consist of `0-9 a-z -`; values may be any text, see `encodeMetadata`. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Storage class by the store's name: `STANDARD_IA`, `ARCHIVE`. @default the bucket's */
  readonly storageClass?: string
  /** At most 10. */
  readonly tags?: Readonly<Record<string, string>>
  /** Encryption at rest. @default the bucket's */
  readonly encryption?: ObjectEncryption
  /** Base64 MD5 of the body; the store refuses any other content. */
  readonly contentMd5?: string
}

/**
 * Whose key encrypts an object at rest: the store's (SSE-COS, SSE-S3), or one of its key management service, by
 * default the account's. With `kms` an ETag is not an MD5.
 */
export type ObjectEncryption =
  { readonly by: 'store' } | { readonly by: 'kms'; readonly keyId?: string | undefined }

/** Address of a part. */
export interface PartAddress {
  /** Key of the object. */
  readonly key: string
  /** Id returned by `createMultipartUpload`. */
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
  /** ETag without quotes, otherwise as the store wrote it. */
  readonly etag: string
  /** CRC-64 of the part, unsigned decimal, where the store lists one. */
  readonly crc64?: string
}

/** The store's answer to a part. */
export interface UploadedPart {
  /** ETag without quotes, otherwise as the store wrote it. */
  readonly etag: string
  /** CRC-64 of the part, unsigned decimal, where the store answers one; `partChecksum` is its type. */
  readonly crc64?: string
}

/** The store's answer to an object that was put or completed. */
export interface UploadedObject {
  /** ETag without quotes, otherwise as the store wrote it. For a multipart upload it is not an MD5. */
  readonly etag: string
  /** CRC-64 of the object, unsigned decimal, where the store answers one; `objectChecksum` is its type. */
  readonly crc64?: string
}

/** Properties of an object, as returned by HEAD. */
export interface ObjectInfo extends UploadedObject {
  /** Bytes. */
  readonly size: number
  /** When it was stored, to the second. */
  readonly lastModified: Date
}

/** A multipart upload that was neither completed nor aborted. */
export interface OpenMultipartUpload {
  /** Key of the future object. */
  readonly key: string
  /** Id returned by `createMultipartUpload`. */
  readonly uploadId: string
  /** When it was created. */
  readonly initiated: Date
}

/** What a presigned URL should allow. */
export interface PresignRequest {
  /** The one method that the URL works with. */
  readonly method: 'GET' | 'PUT' | 'HEAD'
  /** Key of the object. */
  readonly key: string
  /** Further parameters of the URL; signed. */
  readonly query?: Readonly<Record<string, string>>
  /** Signed headers: the request is refused unless it carries exactly these. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** PUT only: refuse if the key exists. Adds a header of the store's dialect, if the store supports it. */
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
  /** Headers to send unchanged; excludes those that the browser sets itself (host, content-length). */
  readonly headers: Readonly<Record<string, string>>
  /** Unix seconds of the store's clock; present if the signing credentials expire earlier than requested. */
  readonly expiresAt?: number
}

/** What a signed form should allow: one body, by its length and MD5. */
export interface FormRequest {
  /** Key of the object. */
  readonly key: string
  /** Bytes of the only accepted body. */
  readonly size: number
  /** Headers that the form fixes: the browser cannot send others. */
  readonly headers: ObjectHeaders & Required<Pick<ObjectHeaders, 'contentMd5'>>
  /** Seconds from now. */
  readonly expiresIn: number
}

/** A form to send by POST as `multipart/form-data`: `fields` in their order, then the body as the field `file`. */
export interface SignedForm {
  /** URL to POST to. */
  readonly url: string
  /** Fields in sending order, including the signature. */
  readonly fields: Readonly<Record<string, string>>
  /** See {@link SignedRequest.expiresAt}. */
  readonly expiresAt?: number
}

/** One CORS rule of a bucket. */
export interface CorsRule {
  /** The rule's name, if it has one. */
  readonly id?: string
  /** Such as `https://app.example`; `*` allows all. */
  readonly allowedOrigins: readonly string[]
  /** Such as `PUT`. */
  readonly allowedMethods: readonly string[]
  /** Request headers; `*` allows all. */
  readonly allowedHeaders: readonly string[]
  /** Response headers that a page may read. */
  readonly exposeHeaders: readonly string[]
  /** Seconds. */
  readonly maxAge: number
}
