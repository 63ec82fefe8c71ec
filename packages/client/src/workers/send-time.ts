/** Progress of larger bodies is always observed: they take long if the line becomes slow. Bytes. */
const largest = 1024 * 1024

/**
 * Estimates which bodies are sent before progress matters. Observing it costs Chromium 156 half a millisecond of
 * processor time per request, a twentieth of what a file of 200 KB costs in total. So the progress of a small body is
 * not observed while the previous request shows that the line is fast. Without an answer it still counts as stalled
 * after the timeout.
 */
export class SendTimeEstimate {
  readonly #unnoticed: number
  /** Milliseconds per byte of the last request. */
  #pace = Number.POSITIVE_INFINITY

  /** @param unnoticed milliseconds for which a body may be sent without reporting progress */
  constructor(unnoticed: number) {
    this.#unnoticed = unnoticed
  }

  /** Whether the body is probably sent within the time given. @param size of the body, bytes */
  isShort(size: number): boolean {
    return size <= largest && size * this.#pace < this.#unnoticed
  }

  /**
   * An answer came `ms` after the request had started; `Infinity` if none came, so that the line no longer counts as
   * fast.
   */
  record(size: number, ms: number): void {
    this.#pace = ms / size
  }
}
