import { Semaphore } from '../async/semaphore.js'
import { smallFileSize } from '../content/fingerprint.js'

/**
 * Number of small files under way at once. A file is identified, opened, sent and completed, and only sending needs a
 * connection to the store. Sixteen times as many files as connections to one host (six on HTTP/1.1) keep the
 * connections busy while other files wait for the batched calls that open and complete them.
 */
const smallAtOnce = 96

/** Returns the slot for a file of `size` bytes. */
export type SlotFor = (size: number) => FileSlot

/**
 * Limits how many files are under way at once. Small files have slots of their own, so ten thousand photos and a film
 * do not block each other.
 *
 * @param largeAtOnce 1 or more
 */
export function fileSlots(largeAtOnce: number): SlotFor {
  const small = new Semaphore(smallAtOnce)
  const large = new Semaphore(largeAtOnce)
  return (size) => new FileSlot(size <= smallFileSize ? small : large)
}

/** One file's slot. It can be released and acquired again, so that a file that waits for long does not block others. */
export class FileSlot {
  readonly #slots: Semaphore
  #release: (() => void) | null = null

  constructor(slots: Semaphore) {
    this.#slots = slots
  }

  /** Resolves once the file has a slot, immediately if it already has one. Rejects with the signal's reason. */
  async acquire(signal: AbortSignal, onWait: () => void): Promise<void> {
    this.#release ??= await this.#slots.acquire(signal, onWait)
  }

  release(): void {
    this.#release?.()
    this.#release = null
  }
}
