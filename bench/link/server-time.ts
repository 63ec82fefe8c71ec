/**
 * Which answers to hold back on one connection: the first bytes after a request that has a body. Preflights and
 * listings answer at once, as they do in a real store; what takes time there is storing.
 *
 * HTTP/1.1 without pipelining is assumed, as browsers speak it: requests and answers take turns.
 */
export class ServerTime {
  readonly #ms: number
  #turn: 'nobody' | 'client' | 'server' = 'nobody'
  #storing = false

  /** @param ms milliseconds */
  constructor(ms: number) {
    this.#ms = ms
  }

  onRequestBytes(chunk: Buffer): void {
    if (this.#turn === 'client') return
    this.#turn = 'client'
    this.#storing = /^(PUT|POST) /.test(chunk.subarray(0, 5).toString('latin1'))
  }

  /** Milliseconds to hold these bytes back. */
  onAnswerBytes(): number {
    const isFirst = this.#turn === 'client'
    this.#turn = 'server'
    return isFirst && this.#storing ? this.#ms : 0
  }
}
