import {
  UploadError,
  type FileSource,
  type UnfinishedUpload,
  type Upload,
  type UploadOptions,
} from '@carryon/client'

/** Properties of the unfinished upload that a test or demo sets; the others get defaults. */
export type FakeUnfinishedOptions = Partial<Omit<UnfinishedUpload, 'resume' | 'discard'>> & {
  readonly name: string
  readonly size: number
  /** Begins the resumed upload; throw to simulate one that cannot resume. */
  readonly begin: (file: Pick<FileSource, 'name' | 'size' | 'type'>, options: UploadOptions) => Upload
}

/** An unfinished upload of an earlier page, without server or store. */
export class FakeUnfinished implements UnfinishedUpload {
  readonly id: string
  readonly state: UnfinishedUpload['state']
  readonly name: string
  readonly size: number
  readonly identity: string
  readonly lastModified: number | null
  readonly storedBytes: number | null
  readonly createdAt: string
  readonly needs: UnfinishedUpload['needs']
  readonly paused: boolean
  readonly #begin: FakeUnfinishedOptions['begin']

  constructor({ name, size, begin, ...options }: FakeUnfinishedOptions) {
    this.name = name
    this.size = size
    this.id = options.id ?? name
    this.state = options.state ?? 'open'
    this.lastModified = options.lastModified ?? null
    this.identity = options.identity ?? `1:${size}:${name}`
    this.storedBytes = options.storedBytes ?? null
    this.createdAt = options.createdAt ?? new Date(0).toISOString()
    this.needs = options.needs ?? 'file'
    this.paused = options.paused ?? false
    this.#begin = begin
  }

  resume(file?: undefined, options?: UploadOptions): Promise<Upload>
  resume(file: FileSource, options?: UploadOptions): Upload
  resume(file?: FileSource, options: UploadOptions = {}): Upload | Promise<Upload> {
    return file === undefined ? this.#resumeHere(options) : this.#begin(file, options)
  }

  async discard(): Promise<void> {
    await Promise.resolve()
  }

  async #resumeHere(options: UploadOptions): Promise<Upload> {
    if (this.needs === 'file') throw new UploadError('file-unreadable', `Pick "${this.name}" again.`)
    return this.#begin({ name: this.name, size: this.size, type: '' }, options)
  }
}
