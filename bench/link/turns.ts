/** A request, recorded when its first bytes left the client. */
export interface SeenRequest {
  /** Unix milliseconds, with fractions. */
  readonly at: number
  /** `PUT` */
  readonly method: string
  /** The path with its query, as far as the first chunk contains it. */
  readonly target: string
  /** Index of the relay's port that received the request. */
  readonly port: number
}

/**
 * Tracks whose turn it is on a connection. Requests and answers alternate, because browsers use HTTP/1.1 without
 * pipelining. So client bytes after an answer begin a request, and server bytes after a request begin its answer.
 */
export class Turns {
  readonly #serverTimeMs: number
  #turn: 'nobody' | 'client' | 'server' = 'nobody'
  #storing = false

  /** @param serverTimeMs milliseconds by which the first bytes of the answer to a PUT or POST are held back */
  constructor(serverTimeMs: number) {
    this.#serverTimeMs = serverTimeMs
  }

  /** @returns the request that these bytes begin, or `null` if they continue one */
  onClientBytes(chunk: Buffer): { readonly method: string; readonly target: string } | null {
    if (this.#turn === 'client') return null
    this.#turn = 'client'
    const [method = '', target = ''] = chunk.subarray(0, 4096).toString('latin1').split(' ', 2)
    // As in a real store, only storing takes time; preflights and listings are answered immediately.
    this.#storing = method === 'PUT' || method === 'POST'
    return { method, target }
  }

  /** @returns milliseconds to hold these bytes back */
  onServerBytes(): number {
    const isFirst = this.#turn === 'client'
    this.#turn = 'server'
    return isFirst && this.#storing ? this.#serverTimeMs : 0
  }
}
