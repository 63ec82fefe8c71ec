import type { Crc64Type } from '@carryon/object-store'
import type { RememberedPart } from '../ports.js'
import type { RunContext } from '../upload/run-context.js'
import type { Upload, UploadSnapshot, UploadState } from '../upload-types.js'
import type { ByteRange } from './byte-ranges.js'
import type { FileKeeper } from './file-keeper.js'
import type { Keeping } from './keeping.js'

/** What is loaded when there is something to keep. */
export interface OpenedKeeping {
  readonly keeping: Keeping
  readonly files: FileKeeper
}

/**
 * Keeps hold of files for a later page, by a {@link FileKeeper} that is loaded when it is first needed: the first byte
 * of an upload waits for no code but its own. Nothing here ever rejects; what fails is not kept.
 */
export class Keeper {
  readonly #open: () => Promise<OpenedKeeping>
  #opened: Promise<OpenedKeeping | null> | undefined
  #files: FileKeeper | null = null

  constructor(open: () => Promise<OpenedKeeping>) {
    this.#open = open
  }

  /**
   * CRC-64 of a range of the file, unsigned decimal, as it was computed when the range was copied: it need not be read
   * again. `null` when it was not copied. What is there now, the store's checksum has to show.
   */
  crc64Of(identity: string, range: ByteRange, type: Crc64Type): string | null {
    return this.#files?.crc64Of(identity, range, type) ?? null
  }

  /** Bytes of all copies, with what they have still to write. */
  get bytes(): number {
    return this.#files?.bytes ?? 0
  }

  /** `null` when it cannot be had. */
  async keeping(): Promise<Keeping | null> {
    return (await this.#load())?.keeping ?? null
  }

  keep(run: RunContext): void {
    if (run.upload.mode !== 'single') void this.#tell((files) => files.keep(run))
  }

  /** A part was acknowledged, and that is remembered. */
  async acknowledged(identity: string, part: RememberedPart): Promise<void> {
    // What was not loaded has kept nothing yet.
    if (this.#opened !== undefined) await this.#tell((files) => files.acknowledged(identity, part))
  }

  /** The upload is done, or gone. */
  ended(identity: string): Promise<void> {
    return this.#tell((files) => files.ended(identity))
  }

  /** The copy turned out to be of no use. */
  giveUp(identity: string): Promise<void> {
    return this.#tell((files) => files.giveUp(identity))
  }

  /** Cleans up after earlier pages. @param open the server's ids of this owner's open uploads */
  sweep(open: readonly string[]): Promise<void> {
    return this.#tell((files) => files.sweep(open))
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
      if (isTold) void this.#tell((files) => files.paused(id, isPaused))
      if (state === 'failed') void this.#tell((files) => files.failed(id, error?.code))
    }
    upload.on('change', see)
    see(upload.snapshot)
  }

  close(): void {
    if (this.#opened !== undefined) void this.#tell((files) => files.close())
  }

  async #tell(what: (files: FileKeeper) => void | Promise<void>): Promise<void> {
    const opened = await this.#load()
    if (opened === null) return
    try {
      await what(opened.files)
    } catch {
      // Storage that fails costs a pick, nothing else.
    }
  }

  #load(): Promise<OpenedKeeping | null> {
    return (this.#opened ??= this.#open().then(
      (opened) => {
        this.#files = opened.files
        return opened
      },
      () => null,
    ))
  }
}
