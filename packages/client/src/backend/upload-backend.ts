import type {
  BatchedComplete,
  BatchedOpen,
  CompleteRequest,
  Crc64Type,
  DuplicatesFound,
  LimitsAnswer,
  ListQuery,
  OpenedUpload,
  OpenRequest,
  PartRun,
  RegisteredUpload,
  AccessAnswer,
  StoredPartInfo,
  UploadPage,
} from '@carryon/protocol'
import type { BackendError } from '../core/backend-error.js'

/**
 * The application's server from the client's side. `httpBackend(url)` implements docs/api.md; an application with
 * another server implements this interface instead.
 *
 * Every method rejects with a {@link BackendError} when the server refuses or does not answer. The client does the
 * retries: an implementation makes one request, and times out by itself.
 */
export interface UploadBackend {
  /** Opens an upload, or answers the open one of the same fingerprint. Repeated calls make no second upload. */
  open(request: OpenRequest, signal: AbortSignal): Promise<OpenedUpload>
  /**
   * Like {@link UploadBackend.open}, but if this owner has finished uploads of that fingerprint, returns those and
   * opens nothing. Without this method there is no duplicate check.
   */
  openUnlessDone?(request: OpenRequest, signal: AbortSignal): Promise<OpenedUpload | DuplicatesFound>
  /** The parts that the store holds now, as it lists them. */
  parts(id: string, signal: AbortSignal): Promise<readonly StoredPartInfo[]>
  /**
   * A new grant, when the previous one expires soon or has no URL for a part.
   *
   * @param partNumbers parts that need signed URLs
   * @param sizes bytes of these parts, in the same order: each URL accepts exactly that many bytes
   */
  renewAccess(
    id: string,
    partNumbers: readonly number[] | undefined,
    signal: AbortSignal,
    sizes?: readonly number[],
  ): Promise<AccessAnswer>
  /** Resolves with state `done`, or with `completing` while the store still joins the parts: then call again. */
  complete(id: string, completeRequest: CompleteRequest, signal: AbortSignal): Promise<CompletedUpload>
  /** Ends an upload that is not done, and removes its parts; also resolves when it was cancelled before. */
  cancel(id: string, signal: AbortSignal): Promise<void>
  /** One upload of this owner, in any state. */
  get(id: string, signal: AbortSignal): Promise<CompletedUpload>
  /** This owner's uploads, newest first, page by page. */
  list(query: ListQuery, signal: AbortSignal): Promise<UploadPage>
  /**
   * Removes a finished upload and its object; also resolves if it was already removed. Without this method finished
   * uploads cannot be removed.
   */
  remove?(id: string, signal: AbortSignal): Promise<void>
  /** Renames a finished upload. Without this method uploads cannot be renamed. */
  rename?(id: string, name: string, signal: AbortSignal): Promise<RegisteredUpload>
  /**
   * The owner's limits and what remains of them. Without this method limits are known only when an upload is refused.
   */
  limits?(signal: AbortSignal): Promise<LimitsAnswer>
  /**
   * Opens and completes several small files in one call, at most 50 each. Each result has the position of its
   * request: the result of the corresponding method, or its error. Rejects when there is no answer at all; status
   * 404, 405 or 501 means that batches are not supported. Without this method every request is a separate call.
   */
  batch?(request: BatchRequest, signal: AbortSignal): Promise<BatchAnswer>
}

/** An upload, with the data of the application's server once it is finished. */
export interface CompletedUpload extends RegisteredUpload {
  /** JSON. */
  readonly data?: unknown
}

/** The request of {@link UploadBackend.batch}. */
export interface BatchRequest {
  /** At most 50. */
  readonly open: readonly BatchedOpen[]
  /** At most 50. */
  readonly complete: readonly BatchedComplete[]
}

/** The answers to a {@link BatchRequest}, in its order. */
export interface BatchAnswer {
  /** In the order of {@link BatchRequest.open}. */
  readonly opened: readonly (OpenedUpload | DuplicatesFound | BackendError)[]
  /** In the order of {@link BatchRequest.complete}. */
  readonly completed: readonly (CompletedUpload | BackendError)[]
}

/** Type of an upload's CRC-64; servers that do not name it use COS's. */
export function crc64TypeOf({ crc64Type = 'crc64ecma' }: Pick<RegisteredUpload, 'crc64Type'>): Crc64Type {
  return crc64Type
}

/** How the file is divided into parts, as far as the server knows. */
export function runsOf({
  partRuns,
  partSize,
}: Pick<RegisteredUpload, 'partRuns' | 'partSize'>): readonly PartRun[] {
  return partRuns ?? [{ after: 0, partSize }]
}
