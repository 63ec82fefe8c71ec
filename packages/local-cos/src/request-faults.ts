import { CosError } from './errors.js'
import type { Exchange } from './exchange.js'
import { errorOfFault, type Fault } from './faults.js'

/** Applies faults to one request. */
export class RequestFaults {
  #faults: readonly Fault[]
  readonly #exchange: Exchange
  readonly #startedAt = performance.now()

  readonly #closing: AbortSignal

  /** @param closing ends all delays, so that the store can close while faults are active. */
  constructor(faults: readonly Fault[], exchange: Exchange, closing: AbortSignal) {
    this.#faults = faults
    this.#exchange = exchange
    this.#closing = closing
  }

  /** Milliseconds by which the store's clock is off. */
  get clockSkew(): number {
    return this.#of('clock-skew').reduce((sum, fault) => sum + fault.seconds * 1000, 0)
  }

  get loseAnswer(): boolean {
    return this.#of('lose-answer').length > 0
  }

  /** Called while the parts of an upload are joined. Throws to make the complete request fail late. */
  async atJoin(): Promise<void> {
    for (const { milliseconds } of this.#of('slow-complete')) await this.#wait(milliseconds, false)
    for (const fault of this.#of('late-error')) throw errorOfFault(fault)
  }

  /** Adds faults once the fields of a form are read; applies what they would have done so far. */
  async join(faults: readonly Fault[], length: number): Promise<void> {
    if (faults.length === 0) return
    this.#faults = [...this.#faults, ...faults]
    const late = new RequestFaults(faults, this.#exchange, this.#closing)
    await late.atStart()
    await late.atBody(this.#exchange.received, length)
    if (this.#exchange.closed) throw new CosError('IncompleteBody', 'The connection ended before the body.')
  }

  /** Called before the request is processed. Throws to refuse it. */
  async atStart(): Promise<void> {
    for (const { milliseconds } of this.#of('delay')) await this.#wait(milliseconds, true)
    for (const fault of this.#of('error')) {
      if (fault.after !== 'body') throw errorOfFault(fault)
    }
  }

  /** Called while the body is read, with `received` of `length` bytes. May wait, or throw to refuse the body. */
  async atBody(received: number, length: number): Promise<void> {
    for (const fault of this.#faults) {
      switch (fault.kind) {
        case 'rate':
          await this.#wait(
            (received / fault.bytesPerSecond) * 1000 - (performance.now() - this.#startedAt),
            true,
          )
          break
        case 'reset':
          if (received >= Math.min(fault.afterBytes, length)) this.#exchange.reset()
          break
        case 'hang':
          if (received >= Math.min(fault.afterBytes ?? 0, length)) await this.#exchange.gone()
          break
        case 'disk-full':
          if (received >= Math.min(fault.afterBytes ?? 0, length)) throw diskFull()
          break
        case 'error':
          if (fault.after === 'body' && received >= length) throw errorOfFault(fault)
          break
        case 'delay':
        case 'lose-answer':
        case 'clock-skew':
        case 'slow-complete':
        case 'late-error':
          break
      }
    }
  }

  get #empty(): boolean {
    return this.#faults.length === 0
  }

  /** Returns `undefined` if there are no faults, so that they cost nothing then. */
  gate(received: number, length: number): Promise<void> | undefined {
    return this.#empty ? undefined : this.atBody(received, length)
  }

  /** Ends early if the store closes or, with `whileConnected`, the client disconnects. */
  async #wait(milliseconds: number, whileConnected: boolean): Promise<void> {
    if (milliseconds <= 0) return
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const timer = setTimeout(end, milliseconds)
    this.#closing.addEventListener('abort', end)
    if (whileConnected) void this.#exchange.gone().then(end)
    await ended
    clearTimeout(timer)
    this.#closing.removeEventListener('abort', end)
    if (this.#closing.aborted) throw new CosError('ServiceUnavailable', 'The store is being closed.')
  }

  #of<Kind extends Fault['kind']>(kind: Kind): readonly Extract<Fault, { readonly kind: Kind }>[] {
    return this.#faults.filter(
      (fault): fault is Extract<Fault, { readonly kind: Kind }> => fault.kind === kind,
    )
  }
}

function diskFull(): Error {
  return Object.assign(new Error('A fault was asked for: no space left on device'), { code: 'ENOSPC' })
}
