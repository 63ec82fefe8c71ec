import type { RememberedPart } from '../seams.js'
import type { Session } from '../upload/session.js'
import type { Upload } from '../upload-types.js'
import type { Keeping } from './keeping.js'
import type { PartKeeper } from './part-keeper.js'

/** What is loaded when there is something to keep. */
export interface OpenedKeeping {
  readonly keeping: Keeping
  readonly parts: PartKeeper
}

/**
 * Keeps hold of files for a later page, by a {@link PartKeeper} that is loaded when it is first needed: the first byte
 * of an upload waits for no code but its own. Nothing here ever rejects; what fails is not kept.
 */
export class Keeper {
  readonly #open: () => Promise<OpenedKeeping>
  #opened: Promise<OpenedKeeping | null> | undefined

  constructor(open: () => Promise<OpenedKeeping>) {
    this.#open = open
  }

  /** `null` when it cannot be had. */
  async keeping(): Promise<Keeping | null> {
    return (await this.#load())?.keeping ?? null
  }

  keep(session: Session): void {
    if (session.upload.mode !== 'single') void this.#tell((parts) => parts.keep(session))
  }

  /** A part was acknowledged, and that is remembered. */
  async acknowledged(identity: string, part: RememberedPart): Promise<void> {
    // What was not loaded has kept nothing yet.
    if (this.#opened !== undefined) await this.#tell((parts) => parts.acknowledged(identity, part))
  }

  /** The upload is done, or gone. */
  ended(identity: string): Promise<void> {
    return this.#tell((parts) => parts.ended(identity))
  }

  /** The copy turned out to be of no use. */
  giveUp(identity: string): Promise<void> {
    return this.#tell((parts) => parts.giveUp(identity))
  }

  /** Cleans up after earlier pages. @param open the server's ids of this owner's open uploads */
  sweep(open: readonly string[]): Promise<void> {
    return this.#tell((parts) => parts.sweep(open))
  }

  /** Follows `upload`. @param isLeaving whether what pauses now does so because the page goes */
  watch(upload: Pick<Upload, 'id' | 'on'>, isLeaving: () => boolean): void {
    let before = ''
    upload.on('change', ({ state, error }) => {
      if (state === before || isLeaving()) return
      before = state
      const { id } = upload
      if (id === null) return
      if (state === 'paused') void this.#tell((parts) => parts.paused(id))
      if (state === 'failed') void this.#tell((parts) => parts.failed(id, error?.code))
    })
  }

  close(): void {
    if (this.#opened !== undefined) void this.#tell((parts) => parts.close())
  }

  async #tell(what: (parts: PartKeeper) => void | Promise<void>): Promise<void> {
    const opened = await this.#load()
    if (opened === null) return
    try {
      await what(opened.parts)
    } catch {
      // Storage that fails costs a pick, nothing else.
    }
  }

  #load(): Promise<OpenedKeeping | null> {
    return (this.#opened ??= this.#open().catch(() => null))
  }
}
