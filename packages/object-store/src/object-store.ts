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
  /** Where browsers reach it. */
  readonly location: StoreLocation
  /** What it can verify, and what it allows. */
  readonly capabilities: StoreCapabilities
  /** Of what kind it is. */
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
