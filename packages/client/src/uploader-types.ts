import type { LimitsAnswer } from '@carryon/protocol'
import type { RetryOptions } from './core/retry-policy.js'
import type { OnDuplicate } from './duplicate-types.js'
import type { CopyStorage } from './extensions/local-copies/copy-storage.js'
import type { Clock, FileSource, Hasher, PartTransport, ResumeMemory, TabLocks } from './ports.js'
import type { PickStore } from './extensions/queue/pick-store.js'
import type { TabChannel } from './extensions/tabs/tab-channel.js'
import type { UploadBackend } from './backend/upload-backend.js'
import type { UnfinishedUpload, UploadOptions } from './unfinished-types.js'
import type { FinishedUpload, Upload } from './upload-types.js'
import type { WorkerSource } from './workers/start-worker.js'

/** Every option of `createUploader`; all but `backend` have a default that suits browsers and Node. */
export interface UploaderOptions {
  /** Base URL of a server that speaks docs/api.md, without trailing slash (`/api`), or a backend of your own. */
  readonly backend: string | URL | UploadBackend
  /**
   * Most requests to the store at once, over all files together: 1 to 32. It starts with at most 6 and tries more,
   * up to here, as long as that carries more. There are fewer where what is under way would take the line more than about
   * three seconds, and while the store or the network ask for less. Default: 6, the connections that browsers open to one
   * host on HTTP/1.1.
   */
  readonly concurrency?: number
  /**
   * Bytes of all parts of new uploads but the last: from 1 to 64 MiB, rounded up to whole MiB and to what store and file
   * need. Default: the first four parts are as small as the store takes them (COS 1 MiB, S3 5 MiB), and the size of each
   * later group of eight is chosen by what the line carries, up to 40 MiB, or more where a file needs it to fit 10 000
   * parts; a store that takes parts of one size only gets 8 MiB.
   */
  readonly partSize?: number
  /**
   * Threads that hash found parts, four parts in each. Default: one less than the processor has cores, at least 1, at most 3.
   */
  readonly hashers?: number
  /**
   * Large files (above 8 MiB) under way at once; small ones never wait for them. Default: 3.
   */
  readonly filesAtOnce?: number
  /**
   * What is checked of the source before an upload is finished, so that a file which changed mid-way is never
   * stored as a mix: `full` reads it once more (CRC-64, about a second per gigabyte), `samples` only the ranges of
   * its identity. Default: `samples` where reading a changed file fails by itself (Chromium, Node's path
   * source), else `full`.
   */
  readonly recheck?: 'samples' | 'full'
  /**
   * What becomes of a file whose content this owner has stored before: `reuse` answers the object that is there, `copy`
   * sends it again, a function is asked each time. With `copy` nothing is looked up and nothing compared; else a file
   * of a known identity is read once, and only when all of it agrees with what was recorded is it taken for the same.
   * Another owner's files are never found. Default: `copy`.
   */
  readonly onDuplicate?: OnDuplicate
  /** What this browser remembers of unfinished uploads. Default: IndexedDB; in memory where there is none. */
  readonly memory?: ResumeMemory
  /**
   * Bytes that copies of files may take in this browser's storage, so that uploads go on after a reload without the
   * file being picked again; 0: nothing is kept, handles neither. Never more than half of what the browser's quota has
   * left. Default: that half.
   */
  readonly copyLimit?: number
  /** Where copies and handles are kept. Default: the origin private file system, else IndexedDB. */
  readonly copyStorage?: CopyStorage
  /** Where picked files are remembered until their uploads have ended. Default: IndexedDB. */
  readonly picks?: PickStore
  /** How failures that may pass are tried again. Default: see {@link RetryOptions}. */
  readonly retry?: RetryOptions
  /** Keeps two tabs off one file. Default: Web Locks, where the browser has them. */
  readonly locks?: TabLocks
  /**
   * What tabs tell each other by: a second tab with the same file then shows and steers the first one's upload.
   * Default: a BroadcastChannel of the backend's address; without one the second tab only waits.
   */
  readonly channel?: TabChannel
  /** Default: XMLHttpRequest in a worker; `fetch` where no worker can be started. */
  readonly transport?: PartTransport
  /** Default: WebAssembly in workers; on the calling thread where no worker can be started. */
  readonly hasher?: Hasher
  /**
   * The worker's script (`@carryon/client/dist/workers/worker.js`, bundled as a module) or what makes a worker of it, for
   * builds that move it. Where one cannot be started, those that run do its work, and where none can, the calling thread
   * does. Default: where the bundler has put it; from another origin, such as a CDN, by a Blob that imports it.
   */
  readonly worker?: WorkerSource
  /** Default: the system's. */
  readonly clock?: Clock
  /** Numbers from 0 (inclusive) to 1 (exclusive) for back-off. Default: `Math.random`. */
  readonly random?: () => number
}

/** Uploads files, several at once, and knows those that earlier pages left unfinished. */
export interface Uploader {
  /** Those of this page, in the order in which they were added; each stays until {@link Uploader.remove}. */
  readonly uploads: readonly Upload[]
  /**
   * Adds a file and returns at once. The upload starts by itself, and resumes when this owner has an open upload
   * of the same content. A browser's `File` is a `FileSource`.
   */
  upload(file: FileSource, options?: UploadOptions): Upload
  /**
   * Tells of files that are about to be uploaded, before {@link Uploader.upload} is called for each: they are remembered
   * all at once, and a page that is killed meanwhile has forgotten none of them, or all. Files of which this was not
   * told are remembered as they are added. Nothing has to wait for it; resolves when they are remembered, or cannot be.
   */
  picked(files: Iterable<FileSource>): Promise<void>
  /**
   * `false` once a pick could not be remembered beyond this page: what has not begun then has to be picked again should
   * the page be left; warn of that. It stays `true` where nothing was to be remembered: in Node, with a `copyStorage` of
   * the application's own and no `picks`, and without the extension `pickQueue`.
   */
  readonly remembers: boolean
  /** Takes a finished, failed or cancelled upload off {@link Uploader.uploads}; another is left as it is. */
  remove(upload: Upload): void
  /**
   * What is left to upload and what this page has not taken up: this owner's open uploads from the server's upload records,
   * newest first, and after them the files that pages of this browser had picked and not begun, in their order.
   * Rejects with an `UploadError` when the server cannot be asked.
   */
  unfinished(): Promise<readonly UnfinishedUpload[]>
  /**
   * Of {@link Uploader.unfinished} what this browser knows without the server, for as long as that cannot be asked: files
   * of pages that had opened no upload yet. Of all others only the server can say whose they are.
   */
  unfinishedHere(): Promise<readonly UnfinishedUpload[]>
  /** This owner's finished uploads, newest first. Rejects as {@link Uploader.unfinished}. */
  finished(query?: FinishedQuery): Promise<FinishedPage>
  /**
   * Removes a finished upload for good: its object, and its row. Links to it stop working. Also resolves when it was gone before;
   * rejects with an `UploadError`, `invalid-request` where the server does not offer it.
   */
  removeFinished(id: string): Promise<void>
  /**
   * Gives a finished upload another name: that of the list and of downloads. The address of its object stays. Rejects as
   * {@link Uploader.removeFinished}.
   */
  renameFinished(id: string, name: string): Promise<FinishedUpload>
  /**
   * What this owner may upload, and what is left of it; `null` where the server does not tell, as one of an earlier version.
   * Rejects as {@link Uploader.unfinished}.
   */
  limits(): Promise<LimitsAnswer | null>
  /** Whatever waits for the network, the store or the server is tried now, not when its back-off is over. */
  retryNow(): void
  /** Calls `listener` soon after {@link Uploader.uploads} gained or lost some, or {@link Uploader.remembers} changed. Returns the way to stop. */
  on(event: 'change', listener: (uploads: readonly Upload[]) => void): () => void
  /** Pauses every upload, lets other tabs have them, and ends the workers. What the store acknowledged stays and can be resumed later. */
  close(): void
}

/** Which finished uploads are asked for. */
export interface FinishedQuery {
  /** Most of one page. @default as many as the server gives */
  readonly limit?: number
  /** {@link FinishedPage.next} of the page before. */
  readonly cursor?: string
}

/** One page of finished uploads, newest first. */
export interface FinishedPage {
  readonly uploads: readonly FinishedUpload[]
  /** Give it as `cursor` to read on; `null` at the end. */
  readonly next: string | null
}
