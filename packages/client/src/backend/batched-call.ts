import { reasonOf } from '../async/clock.js'
import { Deferred } from '../async/deferred.js'
import { BackendError } from '../core/backend-error.js'

/** One request that may be sent in a batch or alone. Settled once, by whichever answer comes first. */
export class BatchedCall<Ask, Answer> {
  readonly ask: Ask
  readonly #alone: () => Promise<Answer>
  readonly #signal: AbortSignal
  readonly #answered = new Deferred<Answer>()
  #isOver = false
  #onGone: () => void = () => undefined

  /** @param alone makes the request as a separate call */
  constructor(ask: Ask, alone: () => Promise<Answer>, signal: AbortSignal) {
    this.ask = ask
    this.#alone = alone
    this.#signal = signal
    if (signal.aborted) this.#leave()
    else signal.addEventListener('abort', this.#leave, { once: true })
  }

  get answer(): Promise<Answer> {
    return this.#answered.promise
  }

  /** Whether the answer is no longer needed. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Calls `onGone` if the request is abandoned before there is an answer. */
  whenGone(onGone: () => void): void {
    this.#onGone = onGone
  }

  /** @param answer `undefined` if the server omitted it */
  settle(answer: Answer | BackendError | undefined): void {
    if (answer === undefined)
      this.fail(new BackendError('network', 'The server did not answer all of a batch.'))
    else if (answer instanceof BackendError) this.fail(answer)
    else if (this.#end()) this.#answered.resolve(answer)
  }

  fail(error: unknown): void {
    if (this.#end()) this.#answered.reject(error instanceof Error ? error : new Error(String(error)))
  }

  goAlone(): void {
    if (!this.#isOver)
      this.#alone().then(
        (answer) => this.settle(answer),
        (error: unknown) => this.fail(error),
      )
  }

  readonly #leave = (): void => {
    this.fail(reasonOf(this.#signal))
    this.#onGone()
  }

  #end(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#signal.removeEventListener('abort', this.#leave)
    return true
  }
}
