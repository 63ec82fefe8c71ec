import type { FileSlots } from './file-slots.js'

/** One file's slot among those under way, to be left and taken again: who waits for long keeps no other waiting. */
export class FileSlot {
  readonly #slots: FileSlots
  readonly #size: number
  #release: (() => void) | null = null

  /** @param size bytes of the file */
  constructor(slots: FileSlots, size: number) {
    this.#slots = slots
    this.#size = size
  }

  /** Resolves once there is a slot, at once when it has one. Rejects with the signal's reason. */
  async acquire(signal: AbortSignal, onWait: () => void): Promise<void> {
    this.#release ??= await this.#slots.acquire(this.#size, signal, onWait)
  }

  release(): void {
    this.#release?.()
    this.#release = null
  }
}
