import type { Crc64Type } from '@carryon/hash'
import type { RememberedPart, ResumeMemory } from '../../ports.js'
import { freeing } from './freeing-memory.js'
import type { RunContext } from '../../transfer/run-context.js'
import type { Upload, UploadSnapshot, UploadState } from '../../upload-types.js'
import type { ByteRange } from './byte-ranges.js'
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
    return freeing(memory, this)
  }

  keep(run: RunContext): void {
    if (run.upload.mode !== 'single') void this.#tell((manager) => manager.keep(run))
  }

  /** A part was acknowledged, and that is remembered. */
  async acknowledged(identity: string, part: RememberedPart): Promise<void> {
    // What was not loaded has kept nothing yet.
    if (this.#opened !== undefined) await this.#tell((manager) => manager.acknowledged(identity, part))
  }

  /** The upload is done, or gone. */
  ended(identity: string): Promise<void> {
    return this.#tell((manager) => manager.ended(identity))
  }

  /** The copy turned out to be of no use. */
  giveUp(identity: string): Promise<void> {
    return this.#tell((manager) => manager.giveUp(identity))
  }

  /** Cleans up after earlier pages. @param open the server's ids of this owner's open uploads */
  sweep(open: readonly string[]): Promise<void> {
    return this.#tell((manager) => manager.sweep(open))
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
      if (isTold) void this.#tell((manager) => manager.paused(id, isPaused))
      if (state === 'failed') void this.#tell((manager) => manager.failed(id, error?.code))
    }
    upload.on('change', see)
    see(upload.snapshot)
  }

  close(): void {
    if (this.#opened !== undefined) void this.#tell((manager) => manager.close())
  }

  async #tell(what: (manager: CopyManager) => void | Promise<void>): Promise<void> {
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
