import type { Upload, UploadProgress, UploadResult, UploadSnapshot } from '@carryon/client'

/** Progress that reads the file's size only when needed, because reading thousands of sizes takes a second. */
class NothingSent implements UploadProgress {
  readonly loaded = 0
  readonly sent = 0
  readonly percent = 0
  readonly speed = null
  readonly secondsLeft = null
  readonly givenUp = 0
  readonly lost = 0
  readonly #file: Upload['file']

  constructor(file: Upload['file']) {
    this.#file = file
  }

  get total(): number {
    return this.#file.size
  }
}

/**
 * A file that was picked together with many others, so that its upload begins a moment later. Until then it waits in the
 * queue; what is requested of it is passed on when the upload begins.
 */
export class PickedUpload implements Upload {
  readonly file: Upload['file']
  readonly id = null
  #snapshot: UploadSnapshot
  #begun: Upload | null = null
  #listeners: Set<(snapshot: UploadSnapshot) => void> | null = null
  #onBegin: ((upload: Upload) => void)[] | null = null

  constructor(file: Upload['file']) {
    this.file = file
    this.#snapshot = {
      state: 'waiting',
      waitReason: 'queue',
      lastError: null,
      resumedBytes: 0,
      progress: new NothingSent(file),
    }
  }

  get snapshot(): UploadSnapshot {
    return this.#begun?.snapshot ?? this.#snapshot
  }

  get done(): Promise<UploadResult> {
    return this.#whenBegun().then(({ done }) => done)
  }

  on(_event: 'change', listener: (snapshot: UploadSnapshot) => void): () => void {
    const listeners = (this.#listeners ??= new Set())
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  pause(): void {
    if (this.#begun !== null) this.#begun.pause()
    else this.#show({ state: 'paused' })
  }

  resume(): void {
    if (this.#begun !== null) this.#begun.resume()
    else this.#show({ state: 'waiting', waitReason: 'queue' })
  }

  async cancel(): Promise<void> {
    const upload = await this.#whenBegun()
    await upload.cancel()
  }

  /** The file's upload has begun: passes on what was requested meanwhile. */
  began(upload: Upload): void {
    if (this.#snapshot.state === 'paused') upload.pause()
    this.#begun = upload
    this.#onBegin?.forEach((begin) => begin(upload))
    this.#onBegin = null
  }

  #whenBegun(): Promise<Upload> {
    const begun = this.#begun
    return new Promise((resolve) => {
      if (begun !== null) resolve(begun)
      else (this.#onBegin ??= []).push(resolve)
    })
  }

  #show(status: Pick<UploadSnapshot, 'state' | 'waitReason'>): void {
    const { lastError, resumedBytes, progress } = this.#snapshot
    this.#snapshot = { ...status, lastError, resumedBytes, progress }
    this.#listeners?.forEach((listener) => listener(this.#snapshot))
  }
}
