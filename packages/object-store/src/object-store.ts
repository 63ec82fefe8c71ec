import type {
  ObjectHeaders,
  PartAddress,
  StoredPart,
  UploadedPart,
  UploadedObject,
  ObjectInfo,
  OpenMultipartUpload,
  PresignRequest,
  SignedRequest,
  FormRequest,
  SignedForm,
  CorsRule,
} from './store-calls.js'
import type { DialectInfo, StoreCapabilities, StoreLocation } from './store-description.js'

/**
 * One object store, of any dialect. All calls of a store go through this interface.
 *
 * Every method rejects with a {@link StoreError} when the store refuses or cannot be reached; an answer of
 * status 200 that carries an `<Error>` body is a refusal too.
 */
export interface ObjectStore {
  /** Address at which browsers reach it. */
  readonly location: StoreLocation
  /** What it can verify, and what it allows. */
  readonly capabilities: StoreCapabilities
  /** Its dialect. */
  readonly dialect: DialectInfo

  /**
   * Begins a multipart upload; the store keeps its parts until it is completed or aborted.
   *
   * @param options `checksum`: whether the store should compute a checksum of each part, where that has to be
   * requested. Default: whether {@link StoreCapabilities.partChecksum} is set.
   */
  createMultipartUpload(
    key: string,
    options?: ObjectHeaders & { readonly checksum?: boolean },
  ): Promise<{ readonly uploadId: string }>
  /**
   * Sends one part; a part with the same number is replaced.
   *
   * @throws StoreError with code `NoSuchUpload` when the upload is not open
   */
  uploadPart(part: PartAddress, body: Uint8Array | Blob, signal?: AbortSignal): Promise<UploadedPart>
  /** All parts of all pages, in ascending order. Rejects with `NoSuchUpload` when the upload is not open. */
  listParts(key: string, uploadId: string): Promise<readonly StoredPart[]>
  /** Resolves once the store has joined the parts, which may take minutes for a large object. */
  completeMultipartUpload(
    key: string,
    uploadId: string,
    parts: readonly { readonly partNumber: number; readonly etag: string }[],
    options?: {
      readonly forbidOverwrite?: boolean
      /**
       * CRC-64 of the whole object, unsigned decimal, of the store's type. A store that supports it refuses other
       * content with `BadDigest`; others ignore it.
       */
      readonly crc64?: string
    },
  ): Promise<UploadedObject>
  /** Also resolves when the upload is already gone. */
  abortMultipartUpload(key: string, uploadId: string): Promise<void>
  /** Open multipart uploads whose key begins with `prefix`, from all pages. */
  listMultipartUploads(prefix: string): AsyncIterable<OpenMultipartUpload>

  /** Stores one object in one request, of at most {@link StoreCapabilities.maxPutSize} bytes. */
  putObject(
    key: string,
    body: Uint8Array | Blob,
    headers?: ObjectHeaders & { readonly forbidOverwrite?: boolean },
  ): Promise<UploadedObject>
  /** `null` if the key does not exist. */
  headObject(key: string): Promise<ObjectInfo | null>
  /**
   * `range` in bytes: `start` inclusive, `end` exclusive, as in `slice`. The caller must read or cancel the answer's
   * body.
   */
  getObject(key: string, range?: { readonly start: number; readonly end: number }): Promise<Response>
  /** Also resolves if the key does not exist. */
  deleteObject(key: string): Promise<void>

  /** A URL for exactly one operation until it expires. `headers` must be sent unchanged. */
  presign(request: PresignRequest): Promise<SignedRequest>
  /**
   * A form that stores one object under one key until it expires, with exactly these bytes, name and type. Rejects
   * with `NotImplemented` if the dialect has no form that fixes the content.
   */
  presignForm(request: FormRequest): Promise<SignedForm>

  /** Rejects when the bucket is missing, refuses access or cannot be reached. */
  headBucket(): Promise<void>
  /**
   * Whether an overwritten or deleted object remains as an older version. Then no write is refused because the key
   * exists.
   */
  isVersioned(): Promise<boolean>
  /** The bucket's CORS rules, in order; empty if it has no configuration. */
  getCors(): Promise<readonly CorsRule[]>
  /** Replaces all CORS rules of the bucket. */
  putCors(rules: readonly CorsRule[]): Promise<void>
  /**
   * Days after which the store removes unfinished multipart uploads under `prefix`; `null` if there is no such rule.
   */
  getAbortIncompleteDays(prefix: string): Promise<number | null>
  /**
   * Sets the days of {@link ObjectStore.getAbortIncompleteDays} in a lifecycle rule of the bucket.
   *
   * @param days 1 or more
   */
  putAbortIncompleteDays(prefix: string, days: number): Promise<void>
}
