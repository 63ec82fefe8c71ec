import { smallFileSize } from '../content/fingerprint.js'
import { Semaphore } from '../async/semaphore.js'

/**
 * Small files under way at once. A file is identified, opened, sent and completed, and of these four only sending
 * needs a connection. So that the connections to one host (six, on HTTP/1.1) stay busy while others wait for the batches that open
 * and complete them, sixteen times as many files are on their way.
 */
const smallAtOnce = 96

/**
 * How many files are under way at once. Small ones have slots of their own, so ten thousand photos go on beside a
 * film, and the film beside them.
 */
export class FileSlots {
  readonly #small: Semaphore
  readonly #large: Semaphore

  /** @param largeAtOnce 1 or more */
  constructor(largeAtOnce: number) {
    this.#small = new Semaphore(smallAtOnce)
    this.#large = new Semaphore(largeAtOnce)
  }

  /** Resolves with the function that releases it. Calls `onWait` when none is free now. Rejects with the signal's reason. */
  acquire(size: number, signal: AbortSignal, onWait: () => void): Promise<() => void> {
    return (size <= smallFileSize ? this.#small : this.#large).acquire(signal, onWait)
  }
}
