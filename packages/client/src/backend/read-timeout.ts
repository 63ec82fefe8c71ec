import { abortScope } from '../async/abort-scope.js'
import { longestTimer } from '../async/clock.js'

/** Gives up an answer when no byte of it has arrived for a while; a slow answer may take any time in total. */
export class ReadTimeout {
  readonly #scope: ReturnType<typeof abortScope>
  readonly #timeout: number
  #timer: ReturnType<typeof setTimeout>

  /**
   * @param timeout milliseconds until the head arrives, and then between chunks of the body
   * @param parent aborts it too
   */
  constructor(timeout: number, parent: AbortSignal) {
    this.#scope = abortScope(parent)
    this.#timeout = timeout
    this.#timer = this.#start()
  }

  /** Aborted at the timeout, or with its parent. */
  get signal(): AbortSignal {
    return this.#scope.controller.signal
  }

  /** The body's text. Rejects if reading fails, or once {@link ReadTimeout.signal} is aborted. */
  async textOf(response: Response): Promise<string> {
    this.#sign()
    if (response.body === null) return response.text()
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      this.#sign()
      text += decoder.decode(value, { stream: true })
    }
  }

  /** Stops the timer. */
  end(): void {
    clearTimeout(this.#timer)
    this.#scope.close()
  }

  #sign(): void {
    clearTimeout(this.#timer)
    this.#timer = this.#start()
  }

  #start(): ReturnType<typeof setTimeout> {
    const abort = (): void => this.#scope.controller.abort(new Error('It did not answer in time.'))
    return setTimeout(abort, Math.min(this.#timeout, longestTimer))
  }
}
