/** One request as its first bytes left the client. */
export interface SeenRequest {
  /** Unix milliseconds, with fractions. */
  readonly at: number
  /** `PUT` */
  readonly method: string
  /** The path with its query, as far as it came in the first packet. */
  readonly target: string
  /** Index of the relay's port that took it. */
  readonly port: number
}

/**
 * Who speaks on one connection. Requests and answers take turns: HTTP/1.1 without pipelining, as browsers speak it.
 * So the first bytes after an answer are a request's, and the first bytes after a request are its answer's.
 */
export class Turns {
  readonly #serverTimeMs: number
  #turn: 'nobody' | 'client' | 'server' = 'nobody'
  #storing = false

  /** @param serverTimeMs what the first bytes of the answer to a PUT or POST are held back */
  constructor(serverTimeMs: number) {
    this.#serverTimeMs = serverTimeMs
  }

  /** @returns the request that these bytes begin, or `null` when they go on with one */
  onClientBytes(chunk: Buffer): { readonly method: string; readonly target: string } | null {
    if (this.#turn === 'client') return null
    this.#turn = 'client'
    const [method = '', target = ''] = chunk.subarray(0, 4096).toString('latin1').split(' ', 2)
    // Preflights and listings answer at once, as they do in a real store; what takes time there is storing.
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
