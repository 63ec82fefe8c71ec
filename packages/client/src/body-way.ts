/** Larger bodies are not copied into memory: six of them at once are what a phone can spare. Bytes. */
const maxMemoryBody = 64 * 1024 * 1024

/**
 * Whether bodies go out as slices of the file or as copies in memory. Slices are several times faster, and Safari 26
 * never gets the answer to one over plain HTTP (filepond#1059), while it does when the same bytes come from memory. No
 * name of a browser decides, but what was seen here: once a slice was answered, slices are sent for good. Before that, a
 * slice that stalls makes the next body a copy, a copy that is answered makes all bodies copies, and one that fails puts
 * slices to the test again: then it was the network.
 */
export class BodyWay {
  #way: 'slices' | 'copies' | 'slices-for-good' | 'copies-for-good' = 'slices'

  /** @param size of the body, bytes */
  copies(size: number): boolean {
    return (this.#way === 'copies' || this.#way === 'copies-for-good') && size <= maxMemoryBody
  }

  /** An answer came, of whatever status. */
  answered(wasCopy: boolean): void {
    if (this.#way === 'slices' || this.#way === 'copies') {
      this.#way = wasCopy ? 'copies-for-good' : 'slices-for-good'
    }
  }

  /** No answer came, though nobody broke the request off: it stood still, or the connection failed. */
  unanswered(wasCopy: boolean, stalled: boolean): void {
    if (this.#way === 'slices' && !wasCopy && stalled) this.#way = 'copies'
    else if (this.#way === 'copies' && wasCopy) this.#way = 'slices'
  }
}
