import { abortScope } from '../async/abort-scope.js'
import { longestTimer } from '../async/clock.js'

/** Gives an answer up when nothing of it has come for a while: a long one on a slow line takes what it takes. */
export class ReadTimeout {
  readonly #scope: ReturnType<typeof abortScope>
  readonly #timeout: number
  #timer: ReturnType<typeof setTimeout>

  /**
   * @param timeout milliseconds for the head to come, and then from one piece of the body to the next
   * @param parent ends it, too
   */
  constructor(timeout: number, parent: AbortSignal) {
    this.#scope = abortScope(parent)
    this.#timeout = timeout
    this.#timer = this.#start()
  }

  /** Aborted when the time is over, or with its parent. */
  get signal(): AbortSignal {
    return this.#scope.controller.signal
  }

  /** The body's text. Rejects as reading it does, also once {@link ReadTimeout.signal}, which it came by, is aborted. */
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

  /** Nothing is waited for any more. */
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
