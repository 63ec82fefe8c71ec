import type { FileSlots } from './file-slots.js'

/** One file's slot among those under way, to be left and taken again: who waits for long keeps no other waiting. */
export class FileSeat {
  readonly #slots: FileSlots
  readonly #size: number
  #leave: (() => void) | null = null

  /** @param size bytes of the file */
  constructor(slots: FileSlots, size: number) {
    this.#slots = slots
    this.#size = size
  }

  /** Resolves once there is a slot, at once when it has one. Rejects with the signal's reason. */
  async take(signal: AbortSignal, onWait: () => void): Promise<void> {
    this.#leave ??= await this.#slots.enter(this.#size, signal, onWait)
  }

  leave(): void {
    this.#leave?.()
    this.#leave = null
  }
}
