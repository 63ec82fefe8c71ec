import type { Crc64Type } from '@carryon/hash'
import type { ResumeMemory } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'
import type { Upload, UploadSnapshot, UploadState } from '../../upload-types.js'
import type { ByteRange } from './ranges.js'
import type { CopyManager } from './copy-manager.js'
import type { CopyStorage } from './copy-storage.js'

/** Parts that are loaded once there is something to copy or a handle to remember. */
export interface OpenedCopies {
  readonly copyStorage: CopyStorage
  readonly manager: CopyManager
}

/**
 * Keeps files available to a later page through a {@link CopyManager}, which is loaded on first use so that it does
 * not delay the first byte of an upload. Nothing here ever rejects; files whose storage fails are not kept.
 */
export class LocalCopies {
  readonly #open: () => Promise<OpenedCopies>
  #opened: Promise<OpenedCopies | null> | undefined
  #manager: CopyManager | null = null

  constructor(open: () => Promise<OpenedCopies>) {
    this.#open = open
  }

  /**
   * CRC-64 of a range of the file, unsigned decimal, computed when the range was copied, so that it need not be read
   * again; `null` if it was not copied. The file may have changed since: the store's checksum has to confirm it.
   */
  crc64Of(identity: string, range: ByteRange, type: Crc64Type): string | null {
    return this.#manager?.crc64Of(identity, range, type) ?? null
  }

  /** Bytes of all copies, including those still to be written. */
  get bytes(): number {
    return this.#manager?.bytes ?? 0
  }

  /** `null` if it cannot be opened. */
  async copyStorage(): Promise<CopyStorage | null> {
    return (await this.#load())?.copyStorage ?? null
  }

  /**
   * Wraps `memory` so that copied blocks are freed as parts are acknowledged. A block is freed only after the
   * acknowledgement of all of it is on disk, so no crash loses both.
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

  /** Follows `upload`. @param isLeaving whether uploads pause now because the page is being left */
  watch(upload: Pick<Upload, 'id' | 'on' | 'snapshot'>, isLeaving: () => boolean): void {
    // A resumed upload may have been paused before, so its first state is always reported.
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

  /** Does nothing before the manager is loaded, because nothing is kept yet. */
  async #tellLoaded(what: (manager: CopyManager) => void | Promise<void>): Promise<void> {
    if (this.#opened !== undefined) await this.tell(what)
  }

  async tell(what: (manager: CopyManager) => void | Promise<void>): Promise<void> {
    const opened = await this.#load()
    if (opened === null) return
    try {
      await what(opened.manager)
    } catch {
      // If storage fails, the user only has to pick the file again.
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
