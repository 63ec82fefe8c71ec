import type { Crc64Type } from '@carryon/hash'
import type { ResumeMemory } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'
import type { Upload, UploadSnapshot, UploadState } from '../../upload-types.js'
import type { ByteRange } from './ranges.js'
import type { CopyManager } from './copy-manager.js'
import type { CopyStorage } from './copy-storage.js'

/** What is loaded when there is something to copy or a handle to remember. */
export interface OpenedCopies {
  readonly copyStorage: CopyStorage
  readonly manager: CopyManager
}

/**
 * Keeps files available to a later page, by a {@link CopyManager} that is loaded when it is first needed: the first byte
 * of an upload waits for no code but its own. Nothing here ever rejects; what fails is not kept.
 */
export class LocalCopies {
  readonly #open: () => Promise<OpenedCopies>
  #opened: Promise<OpenedCopies | null> | undefined
  #manager: CopyManager | null = null

  constructor(open: () => Promise<OpenedCopies>) {
    this.#open = open
  }

  /**
   * CRC-64 of a range of the file, unsigned decimal, as it was computed when the range was copied: it need not be read
   * again. `null` when it was not copied. What is there now, the store's checksum has to show.
   */
  crc64Of(identity: string, range: ByteRange, type: Crc64Type): string | null {
    return this.#manager?.crc64Of(identity, range, type) ?? null
  }

  /** Bytes of all copies, with what they have still to write. */
  get bytes(): number {
    return this.#manager?.bytes ?? 0
  }

  /** `null` when it cannot be had. */
  async copyStorage(): Promise<CopyStorage | null> {
    return (await this.#load())?.copyStorage ?? null
  }

  /**
   * A memory that frees what is copied of a file as the memory of its upload grows. In this order: a block is freed once it
   * is on disk that the store has all of it, so no crash finds it in neither place.
   */
  freeing(memory: ResumeMemory): ResumeMemory {
    return {
      get: (identity) => memory.get(identity),
      all: (name) => memory.all(name),
      begin: (upload) => memory.begin(upload),
      addPart: async (identity, id, part) => {
        await memory.addPart(identity, id, part)
        await this.#tellLoaded((manager) => manager.acknowledged(identity, part))
      },
      delete: async (identity) => {
        await memory.delete(identity)
        await this.tell((manager) => manager.ended(identity))
      },
    }
  }

  keep(run: RunContext): void {
    if (run.upload.mode !== 'single') void this.tell((manager) => manager.keep(run))
  }

  /** Follows `upload`. @param isLeaving whether what pauses now does so because the page goes */
  watch(upload: Pick<Upload, 'id' | 'on' | 'snapshot'>, isLeaving: () => boolean): void {
    // Of one that goes on nobody knows here whether it stood still.
    let before: UploadState = 'paused'
    const see = ({ state, error }: UploadSnapshot): void => {
      if (state === before || isLeaving()) return
      const isPaused = state === 'paused'
      const isTold = isPaused || before === 'paused'
      before = state
      const { id } = upload
      if (id === null) return
      if (isTold) void this.tell((manager) => manager.paused(id, isPaused))
      if (state === 'failed') void this.tell((manager) => manager.failed(id, error?.code))
    }
    upload.on('change', see)
    see(upload.snapshot)
  }

  close(): void {
    void this.#tellLoaded((manager) => manager.close())
  }

  /** What was not loaded has kept nothing yet. */
  async #tellLoaded(what: (manager: CopyManager) => void | Promise<void>): Promise<void> {
    if (this.#opened !== undefined) await this.tell(what)
  }

  async tell(what: (manager: CopyManager) => void | Promise<void>): Promise<void> {
    const opened = await this.#load()
    if (opened === null) return
    try {
      await what(opened.manager)
    } catch {
      // Storage that fails costs a pick, nothing else.
    }
  }

  #load(): Promise<OpenedCopies | null> {
    return (this.#opened ??= this.#open().then(
      (opened) => {
        this.#manager = opened.manager
        return opened
      },
      () => null,
    ))
  }
}
