import type { OnDuplicate } from '../../duplicate-types.js'
import type { FileSource } from '../../ports.js'
import type { UnfinishedUpload, UploadOptions } from '../../unfinished-types.js'
import { UploadError } from '../../upload-types.js'
import type { Metadata, Upload } from '../../upload-types.js'
import type { Queue, QueuedNeeds } from './queue.js'
import { reuseSincePick } from './reuse-since-pick.js'
import type { QueuedFile } from './queued-file.js'

/** What a queued file needs from the uploader. */
export interface QueueActions {
  /**
   * @param queued the remembered file, if its content comes from this browser's storage or handle; `null` if it was
   * picked now
   * @param optionsOf returns the upload's options, given the uploader's default `onDuplicate`
   */
  begin(
    file: FileSource,
    queued: QueuedFile | null,
    optionsOf: (byDefault: OnDuplicate) => {
      readonly onDuplicate: OnDuplicate
      readonly metadata?: Metadata
    },
  ): Upload
}

/**
 * Files that closed pages had not begun, each with what it needs to continue.
 *
 * @param discard cancels the upload that the server may have for the file
 */
export function listQueued(
  queue: Queue,
  actions: QueueActions,
  files: readonly QueuedFile[],
  discard: (file: QueuedFile) => Promise<void>,
): Promise<readonly UnfinishedUpload[]> {
  return Promise.all(
    files.map(async (file) => new QueuedUpload(queue, actions, file, await queue.needsOf(file), discard)),
  )
}

class QueuedUpload implements UnfinishedUpload {
  readonly id: string
  readonly state = 'queued'
  readonly name: string
  readonly size: number
  readonly identity = ''
  readonly lastModified: number | null
  readonly storedBytes = 0
  readonly createdAt: string
  readonly needs: QueuedNeeds
  readonly paused: boolean
  readonly #queue: Queue
  readonly #actions: QueueActions
  readonly #file: QueuedFile
  readonly #discard: (file: QueuedFile) => Promise<void>

  constructor(
    queue: Queue,
    actions: QueueActions,
    file: QueuedFile,
    needs: QueuedNeeds,
    discard: (file: QueuedFile) => Promise<void>,
  ) {
    const { name, size, lastModified } = file.picked
    this.id = `${file.key.pick}#${file.key.index}`
    this.name = name
    this.size = size
    this.lastModified = lastModified
    this.createdAt = new Date(file.pickedAt).toISOString()
    this.needs = needs
    this.paused = file.held
    this.#queue = queue
    this.#actions = actions
    this.#file = file
    this.#discard = discard
  }

  resume(file?: undefined, options?: UploadOptions): Promise<Upload>
  resume(file: FileSource, options?: UploadOptions): Upload
  resume(file?: FileSource, options: UploadOptions = {}): Upload | Promise<Upload> {
    return file === undefined ? this.#resumeHere(options) : this.#pick(file, options)
  }

  async discard(): Promise<void> {
    await this.#discard(this.#file)
    this.#queue.memory.end(this.#file)
    await this.#queue.memory.flush()
  }

  /** The new pick replaces the remembered one. */
  #pick(file: FileSource, options: UploadOptions): Upload {
    this.#queue.memory.end(this.#file)
    return this.#begin(file, null, options)
  }

  async #resumeHere(options: UploadOptions): Promise<Upload> {
    this.#checkNotEnded()
    if (this.needs === 'file') throw new UploadError('file-unreadable', `Pick "${this.name}" again to go on.`)
    const file = await this.#queue.open(this.#file)
    this.#checkNotEnded()
    // A click and auto-resume may both ask: begin only one upload.
    return this.#file.upload === null ? this.#begin(file, this.#file, options) : this.#taken()
  }

  #begin(
    file: FileSource,
    queued: QueuedFile | null,
    { onDuplicate, metadata = this.#file.metadata }: UploadOptions,
  ): Upload {
    const upload = this.#actions.begin(file, queued, (byDefault) => ({
      onDuplicate: reuseSincePick(this.#file.pickedAt, onDuplicate ?? byDefault),
      ...(metadata && { metadata }),
    }))
    const stop = upload.on('change', ({ state }) => {
      if (state !== 'cancelled') return
      stop()
      // Cancelled before its fingerprint was known, so it could not find an upload that the earlier page may have
      // opened.
      if (upload.id === null) void this.#discard(this.#file).catch(() => undefined)
    })
    return upload
  }

  /** The list may be outdated: the file may have been cancelled, discarded, or uploaded through another row. */
  #checkNotEnded(): void {
    if (!this.#file.ended || this.#file.upload !== null) return
    throw new UploadError('cancelled', `"${this.name}" waits no longer: it was discarded, or picked again.`)
  }

  #taken(): never {
    throw new UploadError('invalid-request', `"${this.name}" is being uploaded already.`)
  }
}
