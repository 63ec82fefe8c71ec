import { Semaphore } from '../async/semaphore.js'
import { smallFileSize } from '../content/fingerprint.js'

/**
 * Small files under way at once. A file is identified, opened, sent and completed, and of these four only sending
 * needs a connection. So that the connections to one host (six, on HTTP/1.1) stay busy while others wait for the batches that open
 * and complete them, sixteen times as many files are on their way.
 */
const smallAtOnce = 96

/** Gives a file of `size` bytes its slot among those under way. */
export type SlotFor = (size: number) => FileSlot

/**
 * How many files are under way at once. Small ones have slots of their own, so ten thousand photos go on beside a
 * film, and the film beside them.
 *
 * @param largeAtOnce 1 or more
 */
export function fileSlots(largeAtOnce: number): SlotFor {
  const small = new Semaphore(smallAtOnce)
  const large = new Semaphore(largeAtOnce)
  return (size) => new FileSlot(size <= smallFileSize ? small : large)
}

/** One file's slot among those under way, to be left and taken again: who waits for long keeps no other waiting. */
export class FileSlot {
  readonly #slots: Semaphore
  #release: (() => void) | null = null

  constructor(slots: Semaphore) {
    this.#slots = slots
  }

  /** Resolves once there is a slot, at once when it has one. Rejects with the signal's reason. */
  async acquire(signal: AbortSignal, onWait: () => void): Promise<void> {
    this.#release ??= await this.#slots.acquire(signal, onWait)
  }

  release(): void {
    this.#release?.()
    this.#release = null
  }
}
