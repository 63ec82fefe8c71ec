import { smallFileSize } from '../content/identity.js'
import { Places } from '../async/places.js'

/**
 * Small files under way at once. A file is identified, opened, sent and completed, and of these four only sending
 * needs a lane. So that the lanes of one host (six, on HTTP/1.1) stay busy while others wait for the batches that open
 * and complete them, sixteen times as many files are on their way.
 */
const smallAtOnce = 96

/**
 * How many files are under way at once. Small ones have places of their own, so ten thousand photos go on beside a
 * film, and the film beside them.
 */
export class FileSlots {
  readonly #small: Places
  readonly #large: Places

  /** @param largeAtOnce 1 or more */
  constructor(largeAtOnce: number) {
    this.#small = new Places(smallAtOnce)
    this.#large = new Places(largeAtOnce)
  }

  /** Resolves with the way to leave. Calls `onWait` when there is no place now. Rejects with the signal's reason. */
  enter(size: number, signal: AbortSignal, onWait: () => void): Promise<() => void> {
    return (size <= smallFileSize ? this.#small : this.#large).enter(signal, onWait)
  }
}
