import { firstGroup, sizeOf } from '@carryon/protocol'
import { PartLayout } from '../transfer/part-layout.js'
import { nextPartSize } from '../transfer/part-sizing.js'
import { RequestPool } from '../transfer/request-pool.js'
import type { Permit } from '../transfer/request-pool.js'
import { SimClock } from './sim-clock.js'

export interface Line {
  /** Bytes per second, shared equally by all requests. */
  readonly rate: number
  /** Milliseconds one way. */
  readonly latency: number
  /** Milliseconds that the store takes for each request. */
  readonly answer?: number
  /** Bytes per second that an earlier visit has measured. */
  readonly known?: number
}

/** Bytes that a connection carries in its first round trip: ten segments (RFC 6928). */
const initialWindow = 14_480

/** A connection's window doubles with each round trip, until the line is full. */
interface Connection {
  window: number
}

interface Request {
  left: number
  readonly bytes: number
  readonly connection: Connection
  done(): void
}

/** A line, its requests in flight, and the bytes that it has carried. Each request has a preflight. */
export class SharedLine {
  readonly clock = new SimClock()
  readonly pool: RequestPool
  firstAnswer: number | null = null
  mostInFlight = 0
  mostAtOnce = 0
  largest = 0
  carried = 0
  wasted = 0
  readonly #line: Line
  readonly #requests = new Set<Request>()
  /** Connections without a request. */
  readonly #idle: Connection[] = []
  readonly #again: number[] = []

  constructor(line: Line) {
    this.#line = line
    const memory = { read: () => line.known ?? null, write: () => undefined }
    this.pool = new RequestPool(6, this.clock, { memory, isSlow: false })
    this.pool.answered(2 * line.latency)
  }

  /** Sends files of `bytes` each, for `ms` milliseconds. */
  async sendFiles(bytes: number, ms: number): Promise<void> {
    await this.#send(ms, bytes, () => Promise.resolve(bytes))
  }

  /** Sends a file whose first parts have `first` bytes, divided as the client does it, for `ms` milliseconds. */
  async sendParts(first: number, ms: number): Promise<void> {
    const size = Math.ceil((1.5 * this.#line.rate * ms) / 1000)
    const layout = new PartLayout(size, [{ after: 0, partSize: first }], firstGroup)
    let sent = 0
    await this.#send(ms, first, async (owner, signal) => {
      if (sent === layout.fixed) {
        await this.pool.whenFree(owner, first, signal)
        const { fixed: used, rest, lastSize: before } = layout
        const { speed, isMeasured } = this.pool
        layout.extend(nextPartSize({ first, before, rest, used, speed, isMeasured }))
      }
      return sizeOf(layout.plan, ++sent)
    })
  }

  /** Used share of the line's capacity. */
  usedOf(ms: number): number {
    return ((this.carried - this.wasted) * 1000) / (this.#line.rate * ms)
  }

  async #send(
    ms: number,
    unit: number,
    next: (owner: object, signal: AbortSignal) => Promise<number>,
  ): Promise<void> {
    const end = new AbortController()
    const owner = {}
    const send = async (): Promise<void> => {
      for (;;) {
        const bytes = this.#again.pop() ?? (await next(owner, end.signal))
        void this.#one(bytes, unit, await this.pool.acquire(owner, bytes, end.signal))
      }
    }
    send().catch(() => undefined)
    await this.clock.run(this.#flow(ms))
    end.abort(new Error('Enough.'))
  }

  async #one(bytes: number, unit: number, permit: Permit): Promise<void> {
    const { latency, answer = 0 } = this.#line
    permit.begun()
    this.largest = Math.max(this.largest, bytes)
    await this.clock.sleep(3 * latency)
    const connection = this.#idle.pop() ?? { window: initialWindow }
    const request = { left: bytes, bytes, connection, done: (): void => undefined }
    const arrived = new Promise<boolean>((resolve) => {
      request.done = () => resolve(true)
      permit.yielded.addEventListener('abort', () => {
        this.#requests.delete(request)
        this.wasted += bytes - request.left
        this.#again.push(bytes)
        resolve(false)
      })
    })
    this.#requests.add(request)
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#requests.size)
    if (await arrived) {
      await this.clock.sleep(answer + latency)
      this.firstAnswer ??= this.clock.now()
      this.#idle.push(connection)
      permit.acknowledged(unit)
    }
    permit.release()
  }

  async #flow(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      await this.clock.sleep(10)
      this.#carry(this.#line.rate / 100, 10)
      let inFlight = 0
      for (const { bytes, left } of this.#requests) inFlight += bytes - left
      this.mostInFlight = Math.max(this.mostInFlight, inFlight)
    }
  }

  /** Each request gets an equal share; the others get its unused rest. */
  #carry(bytes: number, ms: number): void {
    const { rate, latency } = this.#line
    const most = ({ left, connection: { window } }: Request): number =>
      Math.min(left, (window * ms) / (2 * latency))
    const requests = [...this.#requests].sort((one, other) => most(one) - most(other))
    for (const [index, request] of requests.entries()) {
      const { connection } = request
      const share = Math.min(most(request), bytes / (requests.length - index))
      request.left -= share
      // Limited to what the line and the queue before it hold.
      connection.window = Math.min(
        connection.window + share * Math.LN2,
        (4 * latency * rate) / 1000 + initialWindow,
      )
      bytes -= share
      this.carried += share
      if (request.left > 1e-6) continue
      this.#requests.delete(request)
      request.done()
    }
  }
}
