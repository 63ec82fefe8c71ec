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
  /** Base URL of a server that implements docs/api.md, without trailing slash (`/api`), or a backend of your own. */
  readonly backend: string | URL | UploadBackend
  /**
   * Maximum number of concurrent requests to the store, over all files together: 1 to 32. The uploader starts with at
   * most 6 and adds more, up to this number, as long as that raises the throughput. It sends fewer when the bytes in
   * flight would take the connection more than about three seconds, and while the store or the network is congested.
   * Default: 6, the number of connections that browsers open to one host on HTTP/1.1.
   */
  readonly concurrency?: number
  /**
   * Part size of new uploads in bytes, for all parts but the last: from 1 to 64 MiB, rounded up to whole MiB and to
   * what the store and the file need. Default: the first four parts have the smallest size that the store accepts (COS
   * 1 MiB, S3 5 MiB); the size of each later group of eight follows the measured speed, up to 40 MiB, or more where a
   * file would otherwise exceed 10 000 parts. A store that requires all parts to be equal gets 8 MiB.
   */
  readonly partSize?: number
  /**
   * Worker threads that hash parts found in the store, four parts at a time in each. Default: the number of processor
   * cores minus one, at least 1, at most 3.
   */
  readonly hashers?: number
  /**
   * How many large files (above 8 MiB) are uploaded at once; small ones never wait for them. Default: 3.
   */
  readonly filesAtOnce?: number
  /**
   * How the source is checked before an upload completes, so that a file that changed midway is never stored as a
   * mixture: `full` reads it once more (CRC-64, about a second per gigabyte), `samples` reads only the ranges that make
   * up its fingerprint. Default: `samples` where reading a changed file fails by itself (Chromium, Node's path source),
   * else `full`.
   */
  readonly recheck?: 'samples' | 'full'
  /**
   * What to do with a file whose content this owner has stored before: `reuse` returns the existing object, `copy`
   * uploads it again, and a function is called to decide each time. `copy` does no lookup and no comparison. Otherwise
   * a file whose fingerprint is known is read once, and counts as the same only if all of it matches the recorded
   * digests. Files of other owners are never found. Default: `copy`.
   */
  readonly onDuplicate?: OnDuplicate
  /** Where this browser remembers unfinished uploads. Default: IndexedDB; in memory where there is none. */
  readonly memory?: ResumeMemory
  /**
   * Bytes that local copies may take in this browser's storage, so that uploads resume after a reload without the file
   * being picked again; with 0 neither copies nor file handles are kept. Never more than half of what the browser's
   * quota has left. Default: that half.
   */
  readonly copyLimit?: number
  /** Where local copies and file handles are kept. Default: the origin private file system, else IndexedDB. */
  readonly copyStorage?: CopyStorage
  /** Where picked files are remembered until their uploads have ended. Default: IndexedDB. */
  readonly picks?: PickStore
  /** How transient failures are retried. Default: see {@link RetryOptions}. */
  readonly retry?: RetryOptions
  /** Keeps two tabs from uploading the same file. Default: Web Locks, where the browser has them. */
  readonly locks?: TabLocks
  /**
   * How tabs communicate: a second tab with the same file shows and controls the first one's upload.
   * Default: a BroadcastChannel named after the backend's address; without one the second tab only waits.
   */
  readonly channel?: TabChannel
  /** Default: XMLHttpRequest in a worker; `fetch` where no worker can be started. */
  readonly transport?: PartTransport
  /** Default: WebAssembly in workers; on the calling thread where no worker can be started. */
  readonly hasher?: Hasher
  /**
   * The worker's script (`@carryon/client/dist/workers/worker.js`, bundled as a module), or a function that creates the
   * worker, for builds that move the script. If a worker cannot be started, the running ones do its work; if none can,
   * the calling thread does. Default: where the bundler has put it; from another origin, such as a CDN, through a Blob
   * that imports it.
   */
  readonly worker?: WorkerSource
  /** Default: the system's. */
  readonly clock?: Clock
  /** Numbers from 0 (inclusive) to 1 (exclusive) for back-off. Default: `Math.random`. */
  readonly random?: () => number
}

/** Uploads files, several at once, and lists those that earlier pages left unfinished. */
export interface Uploader {
  /** The uploads of this page, in the order in which they were added; each stays until {@link Uploader.remove}. */
  readonly uploads: readonly Upload[]
  /**
   * Adds a file and returns at once. The upload starts by itself, and resumes when this owner has an open upload
   * of the same content. A browser's `File` is a `FileSource`.
   */
  upload(file: FileSource, options?: UploadOptions): Upload
  /**
   * Announces files that are about to be uploaded, before {@link Uploader.upload} is called for each. They are
   * remembered in one step: if the page is killed meanwhile, either all of them are remembered or none. Files that were
   * not announced are remembered one by one as they are added. There is no need to wait for the promise; it resolves
   * when the files are remembered, or cannot be.
   */
  picked(files: Iterable<FileSource>): Promise<void>
  /**
   * `false` once a pick could not be remembered beyond this page: if the page is left, the user has to pick again the
   * files that have not begun, so warn them. It stays `true` where nothing was to be remembered: in Node, with a
   * `copyStorage` of the application's own and no `picks`, and without the extension `pickQueue`.
   */
  readonly remembers: boolean
  /** Removes a finished, failed or cancelled upload from {@link Uploader.uploads}; does nothing for any other. */
  remove(upload: Upload): void
  /**
   * What is left to upload and not yet part of this page: this owner's open uploads from the server's upload records,
   * newest first, followed by the files that were picked in this browser and never begun, in the order of picking.
   * Rejects with an `UploadError` when the server cannot be reached.
   */
  unfinished(): Promise<readonly UnfinishedUpload[]>
  /**
   * The part of {@link Uploader.unfinished} that this browser knows without the server, for while the server cannot be
   * reached: files of pages that had not opened any upload yet. For all others only the server knows the owner.
   */
  unfinishedHere(): Promise<readonly UnfinishedUpload[]>
  /** Lists this owner's finished uploads, newest first. Rejects like {@link Uploader.unfinished}. */
  finished(query?: FinishedQuery): Promise<FinishedPage>
  /**
   * Removes a finished upload for good: its object and its upload record. Links to it stop working. Also resolves when
   * it was already gone. Rejects with an `UploadError`: `invalid-request` where the server does not offer removal.
   */
  removeFinished(id: string): Promise<void>
  /**
   * Renames a finished upload in the list and for downloads. The address of its object stays the same. Rejects like
   * {@link Uploader.removeFinished}.
   */
  renameFinished(id: string, name: string): Promise<FinishedUpload>
  /**
   * What this owner may upload, and how much of that is left; `null` from a server that does not report it, for example
   * one of an earlier version. Rejects like {@link Uploader.unfinished}.
   */
  limits(): Promise<LimitsAnswer | null>
  /** Retries everything that waits for the network, the store or the server now, instead of after its back-off. */
  retryNow(): void
  /**
   * Calls `listener` soon after {@link Uploader.uploads} or {@link Uploader.remembers} changed. Returns a function that
   * removes the listener.
   */
  on(event: 'change', listener: (uploads: readonly Upload[]) => void): () => void
  /**
   * Pauses every upload, lets other tabs take them over, and ends the workers. What the store acknowledged stays there
   * and can be resumed later.
   */
  close(): void
}

/** Selects one page of {@link Uploader.finished}. */
export interface FinishedQuery {
  /** Maximum number of uploads on the page. @default the server's page size */
  readonly limit?: number
  /** {@link FinishedPage.next} of the previous page. */
  readonly cursor?: string
}

/** One page of finished uploads, newest first. */
export interface FinishedPage {
  /** Newest first. */
  readonly uploads: readonly FinishedUpload[]
  /** Pass it as `cursor` to get the next page; `null` on the last one. */
  readonly next: string | null
}
