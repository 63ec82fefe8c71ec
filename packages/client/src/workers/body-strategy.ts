/** Larger bodies are not copied into memory: six of them at once are what a phone can spare. Bytes. */
const maxMemoryBody = 64 * 1024 * 1024

/** Slices in a row that fail at once before a copy is tried; it costs nothing but a copy, should it be the network. */
const failuresInARow = 3

/** How a request ended to which no answer came; `at-once`: before anything could have been sent. */
export type Unanswered = 'stalled' | 'failed' | 'failed-at-once'

/**
 * Whether bodies go out as slices of the file or as copies in memory. Slices are several times faster, and Safari 26
 * never gets the answer to one over plain HTTP (filepond#1059), while it does when the same bytes come from memory. No
 * name of a browser decides, but what was seen here: once a slice was answered, slices are sent for good. Before that, a
 * slice that stalls makes the next body a copy, a copy that is answered makes all bodies copies, and one that fails puts
 * slices to the test again: then it was the network.
 *
 * An engine may also refuse slices at once. So does any network that is down, and it may come back just when a copy is
 * tried: after a copy that was answered it is once more a slice that decides.
 */
export class BodyStrategy {
  #strategy: 'slices' | 'copies' | 'one-copy' | 'slices-again' | 'slices-for-good' | 'copies-for-good' =
    'slices'
  #failures = 0

  /** @param size of the body, bytes */
  copies(size: number): boolean {
    const wanted =
      this.#strategy === 'copies' || this.#strategy === 'one-copy' || this.#strategy === 'copies-for-good'
    return wanted && size <= maxMemoryBody
  }

  /** An answer came, of whatever status. */
  answered(wasCopy: boolean): void {
    if (this.#strategy === 'slices-for-good' || this.#strategy === 'copies-for-good') return
    if (!wasCopy) this.#strategy = 'slices-for-good'
    else if (this.#strategy === 'one-copy') this.#strategy = 'slices-again'
    else if (this.#strategy !== 'slices-again') this.#strategy = 'copies-for-good'
  }

  /** No answer came, though nobody broke the request off: it stood still, or the connection failed. */
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
