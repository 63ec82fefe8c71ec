/** Larger bodies are watched whatever the line: should it become slow, they take long. Bytes. */
const largest = 1024 * 1024

/**
 * Which bodies are through before anybody would look at their progress. Listening to it costs Chromium 156 half a millisecond
 * of processor a request, a twentieth of all that a file of 200 KB costs. So a small body goes unwatched while the one
 * before it shows that the line is fast; without an answer for that long it counts as stalled all the same.
 */
export class SendTimeEstimate {
  readonly #unnoticed: number
  /** Milliseconds a byte, of the last request. */
  #pace = Number.POSITIVE_INFINITY

  /** @param unnoticed milliseconds for which a body may be on its way without a word */
  constructor(unnoticed: number) {
    this.#unnoticed = unnoticed
  }

  /** @param size of the body, bytes */
  isShort(size: number): boolean {
    return size <= largest && size * this.#pace < this.#unnoticed
  }

  /** An answer came `ms` after the request had begun; infinity: none came, and the line is not what it was. */
  record(size: number, ms: number): void {
    this.#pace = ms / size
  }
}
