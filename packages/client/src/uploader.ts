import type { LimitsAnswer } from '@carryon/protocol'
import { createContext } from './create-context.js'
import { loadChunk } from './async/load-chunk.js'
import type { WorkerPool } from './workers/worker-pool.js'
import { Emitter } from './async/emitter.js'
import { contentIdentity } from './content/fingerprint.js'
import type { UploaderContext } from './create-context.js'
import type { LoadLazyCode } from './lazy-code.js'
import { onOnlineHint, onPageLife } from './page-life.js'
import type { QueuedFile } from './extensions/queue/queued-file.js'
import type { OnDuplicate } from './duplicate-types.js'
import type { Expected, RunOptions } from './upload/upload-job.js'
import type { FileSource } from './ports.js'
import { hasEnded } from './core/state.js'
import { toUploadError } from './core/upload-errors.js'
import { UploadTask } from './upload/upload-task.js'
import type { UnfinishedActions } from './unfinished-list.js'
import { UploadError } from './upload-types.js'
import type { FinishedUpload, Upload } from './upload-types.js'
import type { UploaderExtensions } from './uploader-extensions.js'
import type { FinishedPage, FinishedQuery, Uploader, UploaderOptions } from './uploader-types.js'
import type { UnfinishedUpload, UploadOptions } from './unfinished-types.js'

/**
 * @param createSigner replaces the store's request signing where there is no store
 * @param loadLazy replaces the dynamic import where time is simulated
 */
export function assembleUploader(
  options: UploaderOptions,
  extensions: UploaderExtensions,
  createSigner?: UploaderContext['createSigner'],
  loadLazy: LoadLazyCode = () => loadChunk(() => import('./lazy-code.js')),
): Uploader {
  const { context, workers } = createContext(options, extensions, createSigner, loadLazy)
  return new DefaultUploader(context, workers, options.onDuplicate ?? 'copy', loadLazy)
}

class DefaultUploader implements Uploader, UnfinishedActions {
  readonly #context: UploaderContext
  readonly #onDuplicate: OnDuplicate
  readonly #loadLazy: LoadLazyCode
  readonly #changed = new Emitter<readonly Upload[]>()
  readonly #life = new AbortController()
  readonly #tasks = new Map<Upload, UploadTask>()
  /** The list that was last returned of {@link #tasks}; `null` once it is out of date. */
  #listed: readonly Upload[] | null = null
  #changeDue = false
  /** Whether uploads that pause now do so because the page is being left. */
  #leaving = false
  /** Uploads that were active when the browser put the page into the back/forward cache. */
  #aside: readonly UploadTask[] = []

  constructor(
    context: UploaderContext,
    workers: WorkerPool,
    onDuplicate: OnDuplicate,
    loadLazy: LoadLazyCode,
  ) {
    this.#context = context
    this.#loadLazy = loadLazy
    this.#onDuplicate = onDuplicate
    const stopListening = onOnlineHint(() => context.retryNow())
    const stopFollowing = onPageLife(
      () => this.#putAside(),
      () => this.#takeUp(),
    )
    context.picks?.attach(
      () => this.#leaving,
      () => this.#listChanged(),
    )
    this.#life.signal.addEventListener('abort', () => {
      stopListening()
      stopFollowing()
      workers.close()
    })
  }

  get uploads(): readonly Upload[] {
    return (this.#listed ??= [...this.#tasks.keys()])
  }

  get remembers(): boolean {
    return this.#context.picks?.forgetful !== true
  }

  async picked(files: Iterable<FileSource>): Promise<void> {
    await this.#context.picks?.tell((queue) => queue.picked(files))
  }

  upload(file: FileSource, options: UploadOptions = {}): Upload {
    return this.#add(file, { expected: null, onDuplicate: this.#onDuplicate, ...options })
  }

  remove(upload: Upload): void {
    if (!hasEnded(upload.snapshot)) return
    if (!this.#tasks.delete(upload)) return
    void this.#context.picks?.tell((queue) => queue.memory.dismissed(upload))
    this.#listChanged()
  }

  async unfinished(): Promise<readonly UnfinishedUpload[]> {
    const { listUnfinished } = await this.ask(() => this.#loadLazy())
    return listUnfinished(this.#context, this, (id) => this.uploads.some((upload) => upload.id === id))
  }

  async unfinishedHere(): Promise<readonly UnfinishedUpload[]> {
    const { listUnfinishedHere } = await this.ask(() => this.#loadLazy())
    return listUnfinishedHere(this.#context, this)
  }

  finished(query: FinishedQuery = {}): Promise<FinishedPage> {
    return this.#askLazily((code, signal) => code.listFinished(this.#context, query, signal))
  }

  removeFinished(id: string): Promise<void> {
    return this.#askLazily((code, signal) => code.removeFinished(this.#context, id, signal))
  }

  renameFinished(id: string, name: string): Promise<FinishedUpload> {
    return this.#askLazily((code, signal) => code.renameFinished(this.#context, id, name, signal))
  }

  limits(): Promise<LimitsAnswer | null> {
    return this.#askLazily((code, signal) => code.askLimits(this.#context, signal))
  }

  retryNow(): void {
    this.#context.retryNow()
  }

  on(_event: 'change', listener: (uploads: readonly Upload[]) => void): () => void {
    return this.#changed.add(listener)
  }

  /** Continues an unfinished upload, without a duplicate check: the user has already chosen to upload this file. */
  resume(file: FileSource, expected: Expected, kept: boolean, queued: QueuedFile | null): Upload {
    const underWay = kept ? this.#underWay(expected) : undefined
    if (underWay !== undefined) return underWay
    const task = this.#add(
      file,
      { expected: { ...expected, kept }, onDuplicate: 'copy', ...metadataOf(queued) },
      queued,
    )
    if (kept) this.#continue(task, file, expected.identity)
    return task
  }

  /** Uploads a file that was picked on an earlier page; it may have been stored since without that page noticing. */
  begin(
    file: FileSource,
    queued: QueuedFile | null,
    optionsOf: (byDefault: OnDuplicate) => Omit<RunOptions, 'expected'>,
  ): Upload {
    const task = this.#add(file, { expected: null, ...optionsOf(this.#onDuplicate) }, queued)
    if (queued === null) return task
    const stop = task.on('change', () => {
      const identity = this.#context.resumed.identityOf(file)
      if (identity === undefined) return
      stop()
      this.#continue(task, file, identity)
    })
    return task
  }

  /** Makes one call without retrying: the application can call again. */
  async ask<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await call(this.#life.signal)
    } catch (error) {
      throw toUploadError(error, 'The list of uploads')
    }
  }

  /** Like {@link ask}, with the lazily loaded code. */
  #askLazily<T>(
    call: (code: Awaited<ReturnType<LoadLazyCode>>, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.ask(async (signal) => call(await this.#loadLazy(), signal))
  }

  close(): void {
    this.#leaving = true
    this.#context.copies?.close()
    void this.#context.picks?.tellOpened((queue) => queue.close())
    this.#context.tabs.close()
    for (const task of this.#tasks.values()) task.close()
    this.#life.abort(new Error('The uploader was closed.'))
  }

  /** @param options with `onDuplicate: 'copy'` when an upload is continued: no duplicate check is wanted then */
  #add(file: FileSource, options: RunOptions, queued: QueuedFile | null = null): UploadTask {
    this.#context.storeConnection.open()
    const task = new UploadTask(this.#context, file, options)
    this.#tasks.set(task, task)
    this.#listChanged()
    this.#context.copies?.watch(task, () => this.#leaving)
    this.#context.picks?.follow(task, queued)
    return task
  }

  /** The active upload of the same file, if it was picked while the list still showed it as unfinished. */
  #underWay({ id, identity, name }: Expected): Upload | undefined {
    const same = ({ file }: UploadTask): boolean =>
      file.name === name && this.#context.resumed.identityOf(file) === contentIdentity(identity)
    return [...this.#tasks.values()].find(
      (task) => (task.id === id || same(task)) && !hasEnded(task.snapshot),
    )
  }

  /** Runs `task` from a local copy or a file handle until the user picks the file itself, which then replaces it. */
  #continue(task: UploadTask, file: FileSource, identity: string): void {
    const { resumed, copies } = this.#context
    const content = contentIdentity(identity)
    resumed.add(content, file, () => {
      task.close()
      void this.#context.picks?.tell((queue) => queue.memory.dismissed(task))
      if (this.#tasks.delete(task)) this.#listChanged()
    })
    const ended = (): void => resumed.ended(content, file)
    task.done.then(ended, (error: unknown) => {
      ended()
      // The copy cannot be used: the user has to pick the file again.
      if (error instanceof UploadError && error.code === 'file-unreadable')
        void copies?.tell((manager) => manager.giveUp(identity))
    })
  }

  #putAside(): void {
    this.#leaving = true
    this.#aside = [...this.#tasks.values()].filter(
      ({ snapshot }) => snapshot.state !== 'paused' && !hasEnded(snapshot),
    )
    for (const task of this.#aside) task.close()
    void this.#context.picks?.tellOpened((queue) => queue.putAside())
  }

  #takeUp(): void {
    this.#leaving = false
    void this.#context.picks?.tellOpened((queue) => queue.takeUp())
    for (const task of this.#aside) task.resume()
    this.#aside = []
  }

  /**
   * Emits once for all files added in one task, so that ten thousand files do not make ten thousand copies of the list.
   */
  #listChanged(): void {
    this.#listed = null
    if (this.#changeDue) return
    this.#changeDue = true
    queueMicrotask(() => {
      this.#changeDue = false
      this.#changed.emit(this.uploads)
    })
  }
}

function metadataOf(queued: QueuedFile | null): Pick<RunOptions, 'metadata'> {
  return queued?.metadata === undefined ? {} : { metadata: queued.metadata }
}
