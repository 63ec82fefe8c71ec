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
 * The application's server as the client sees it. `httpBackend(url)` speaks docs/api.md; an application with a
 * server of its own implements this interface instead.
 *
 * Every method rejects with a {@link BackendError} when the server refuses or does not answer. Repeating a call
 * is the client's business: an implementation asks once, and gives up by itself when no answer comes.
 */
export interface UploadBackend {
  /** Opens an upload, or answers the open one of the same fingerprint. Repeated calls make no second upload. */
  open(request: OpenRequest, signal: AbortSignal): Promise<OpenedUpload>
  /**
   * As {@link UploadBackend.open}, but instead of creating an upload while this owner has finished ones of that
   * identity it answers those, and opens nothing. Without this method no upload is ever found to be there already.
   */
  openUnlessDone?(request: OpenRequest, signal: AbortSignal): Promise<OpenedUpload | DuplicatesFound>
  /** The parts that the store holds now, as it lists them. */
  parts(id: string, signal: AbortSignal): Promise<readonly StoredPartInfo[]>
  /**
   * A new grant, when the one before ends soon or has no URL for a part.
   *
   * @param partNumbers of which signed URLs are wanted
   * @param sizes bytes of these parts, in the same order: their URLs take just so many
   */
  renewAccess(
    id: string,
    partNumbers: readonly number[] | undefined,
    signal: AbortSignal,
    sizes?: readonly number[],
  ): Promise<AccessAnswer>
  /** Resolves with state `done` or, when the store still joins the parts, `completing`: then call again. */
  complete(id: string, completeRequest: CompleteRequest, signal: AbortSignal): Promise<CompletedUpload>
  /** Ends an upload that is not done, and removes its parts; also resolves when it was cancelled before. */
  cancel(id: string, signal: AbortSignal): Promise<void>
  /** One upload of this owner, in whatever state. */
  get(id: string, signal: AbortSignal): Promise<CompletedUpload>
  /** This owner's uploads, newest first, page by page. */
  list(query: ListQuery, signal: AbortSignal): Promise<UploadPage>
  /** Removes a finished upload, with its object; also resolves when it was gone before. Without this method nothing finished is removed. */
  remove?(id: string, signal: AbortSignal): Promise<void>
  /** Gives a finished upload another name. Without this method none is renamed. */
  rename?(id: string, name: string, signal: AbortSignal): Promise<RegisteredUpload>
  /** What the owner may upload, and what is left of it. Without this method nobody tells before an upload is refused. */
  limits?(signal: AbortSignal): Promise<LimitsAnswer>
  /**
   * Opens and completes of several small files in one call, at most 50 of either. Each is answered in its place: with
   * what its own method resolves to, or the error that it rejects with. Rejects when there is no answer for any of them;
   * of status 404, 405 or 501: there are no batches. Without this method every question is a call of its own.
   */
  batch?(request: BatchRequest, signal: AbortSignal): Promise<BatchAnswer>
}

/** An upload, and what the application's server says of it once it is finished. */
export interface CompletedUpload extends RegisteredUpload {
  /** JSON. */
  readonly data?: unknown
}

/** What {@link UploadBackend.batch} asks for. */
export interface BatchRequest {
  /** At most 50. */
  readonly open: readonly BatchedOpen[]
  /** At most 50. */
  readonly complete: readonly BatchedComplete[]
}

/** The answers to a {@link BatchRequest}, each in the place of its question. */
export interface BatchAnswer {
  /** In the order of {@link BatchRequest.open}. */
  readonly opened: readonly (OpenedUpload | DuplicatesFound | BackendError)[]
  /** In the order of {@link BatchRequest.complete}. */
  readonly completed: readonly (CompletedUpload | BackendError)[]
}

/** Which CRC-64 an upload means; servers that do not say so have COS's. */
export function crc64TypeOf({ crc64Type = 'crc64ecma' }: Pick<RegisteredUpload, 'crc64Type'>): Crc64Type {
  return crc64Type
}

/** How the file is cut, as far as the server knows. */
export function runsOf({
  partRuns,
  partSize,
}: Pick<RegisteredUpload, 'partRuns' | 'partSize'>): readonly PartRun[] {
  return partRuns ?? [{ after: 0, partSize }]
}
