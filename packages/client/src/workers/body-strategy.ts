/** Larger bodies are not copied into memory: six of this size at once are as much as a phone can spare. Bytes. */
const maxMemoryBody = 64 * 1024 * 1024

/**
 * Slices in a row that fail immediately before a copy is tried. If the network was the cause, the only cost is the
 * copy.
 */
const failuresInARow = 3

/** How a request without an answer ended; `failed-at-once`: before anything could have been sent. */
export type Unanswered = 'stalled' | 'failed' | 'failed-at-once'

/**
 * Decides whether bodies are sent as slices of the file or as copies in memory. Slices are several times faster, but
 * over plain HTTP Safari 26 never gets the answer to one (filepond#1059), while it does if the same bytes come from
 * memory. The decision depends on what happened here, not on the browser's name. Once a slice was answered, slices are
 * used for good. Before that, a slice that stalls makes the next body a copy. If a copy is answered, all bodies are
 * copies from then on; if it fails, the network was the cause, and slices are tried again.
 *
 * An engine may also refuse slices immediately. But so does a network that is down, and it may recover just when a copy
 * is tried. So after one answered copy, another slice decides.
 */
export class BodyStrategy {
  #strategy: 'slices' | 'copies' | 'one-copy' | 'slices-again' | 'slices-for-good' | 'copies-for-good' =
    'slices'
  #failures = 0

  /** Whether to send the next body as a copy. @param size of the body, bytes */
  copies(size: number): boolean {
    const wanted =
      this.#strategy === 'copies' || this.#strategy === 'one-copy' || this.#strategy === 'copies-for-good'
    return wanted && size <= maxMemoryBody
  }

  /** An answer of any status came. */
  answered(wasCopy: boolean): void {
    if (this.#strategy === 'slices-for-good' || this.#strategy === 'copies-for-good') return
    if (!wasCopy) this.#strategy = 'slices-for-good'
    else if (this.#strategy === 'one-copy') this.#strategy = 'slices-again'
    else if (this.#strategy !== 'slices-again') this.#strategy = 'copies-for-good'
  }

  /** No answer came although the request was not aborted: it stalled, or the connection failed. */
  unanswered(wasCopy: boolean, how: Unanswered): void {
    if (wasCopy) this.#copyUnanswered()
    else this.#sliceUnanswered(how)
  }

  #copyUnanswered(): void {
    if (this.#strategy !== 'copies' && this.#strategy !== 'one-copy') return
    this.#strategy = 'slices'
    this.#failures = 0
  }

  #sliceUnanswered(how: Unanswered): void {
    if (this.#strategy !== 'slices' && this.#strategy !== 'slices-again') return
    if (how === 'stalled') this.#strategy = 'copies'
    else if (how === 'failed') this.#failures = 0
    else if (this.#strategy === 'slices-again') this.#strategy = 'copies-for-good'
    else if (++this.#failures >= failuresInARow) this.#strategy = 'one-copy'
  }
}
