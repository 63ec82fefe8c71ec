import { acknowledged, congested, initialConcurrency } from './concurrency-control.js'
import type { ConcurrencyState } from './concurrency-control.js'
import { nothingKnown } from './line-memory.js'
import type { LineHints, LineMemory } from './line-memory.js'
import { LineSpeed } from './line-speed.js'
import { mostInFlight } from './part-sizing.js'
import { WaitQueue } from './wait-queue.js'
import type { Clock } from '../ports.js'

/** The right to have one request to the store under way. */
export interface Permit {
  /** Aborted when the request should give way to others and be made again later. */
  readonly yielded: AbortSignal
  /** Estimated milliseconds until the request is sent; `null` while the line's speed is unknown. */
  timeLeft(): number | null
  /** Call it when the request starts, perhaps an hour after its permit: its time is measured from here. */
  begun(): void
  /**
   * The store acknowledged the request; call it before {@link release}.
   *
   * @param part size in bytes of the first part of its upload; `Infinity` for a single upload
   */
  acknowledged(part: number): void
  release(): void
}

interface Held {
  readonly bytes: number
  readonly controller: AbortController
}

/**
 * The next request starts this long, plus the server's response time, before the bytes in flight are expected to be
 * sent, so that a slow line that carries one part at a time is not idle between two parts. Milliseconds.
 */
const ahead = 500
/**
 * A line of unknown speed is slow if none of the first requests was answered within this time per {@link patienceBytes}
 * in flight, plus {@link slowStart} response times of the server. All but one are then made again later. Milliseconds.
 */
const patience = 500
const patienceBytes = 3 * 2 ** 20
/**
 * Response times allowed for TCP slow start: a new connection doubles its rate with each round trip; 1 MiB takes seven.
 */
const slowStart = 4
/**
 * A line this many times slower than remembered is another one. A smaller factor may be a busy moment or a wrong guess.
 */
const muchSlower = 3
/** Milliseconds between writes of the speed to memory. */
const rememberEvery = 3_000
/**
 * Requests of one size that start together also end together: the line is idle while all wait for their answers, and a
 * reload just before loses all of them. So starts are staggered: this many in the time that the line takes for one
 * request.
 */
const startsAtOnce = 16
/**
 * The same on a slow line, where a part takes most of a second: the previous request is half sent when the next starts.
 */
const startsOnThinLine = 2
/** A line below this speed is slow. Bytes per second. */
const thinLine = 3 * 2 ** 20
/** Longest pause between two starts. Milliseconds. */
const longestGap = 1_000
/** Requests of fewer bytes are not worth giving up. */
const worthYielding = 2 ** 18

/**
 * One pool of requests for all files, bounded by number and by bytes: at most what the line carries in a few seconds is
 * in flight. A released permit goes to the waiting file that holds the fewest permits, so a small file waits for at
 * most one part of a large file.
 */
export class RequestPool {
  readonly #clock: Clock
  readonly #held = new Map<object, number>()
  readonly #permits = new Map<Permit, Held>()
  readonly #waiting = new WaitQueue()
  readonly #line: LineSpeed
  readonly #memory: LineMemory
  #state: ConcurrencyState
  #latency = 0
  /** Bytes of all permits, whether or not their requests have started. */
  #inFlight = 0
  #rememberAt = 0
  /** Whether to allow only one request at a time until one was answered. */
  #isCareful: boolean
  #isWatching = false
  #wakeAt = Infinity
  /** The last permit of at least {@link worthYielding} bytes. */
  #started = { at: -Infinity, bytes: 0 }

  constructor(ceiling: number, clock: Clock, { memory, isSlow }: LineHints = nothingKnown) {
    const speed = memory.read()
    this.#state = initialConcurrency(ceiling)
    this.#clock = clock
    this.#memory = memory
    this.#line = new LineSpeed(speed)
    this.#isCareful = isSlow && speed === null
  }

  /** Current limit on concurrent requests; large ones are also limited by bytes. */
  get concurrency(): number {
    return this.#state.limit
  }

  /** Speed of the line in bytes per second; `null` while unknown. */
  get speed(): number | null {
    return this.#line.at(this.#clock.now())
  }

  /** Whether {@link speed} was measured on this page. */
  get isMeasured(): boolean {
    return this.#line.isMeasured
  }

  /** Bytes per second per concurrent request; `null` while unknown. */
  get share(): number | null {
    const { speed } = this
    return speed === null ? null : speed / Math.max(1, this.#permits.size)
  }

  /** Reports how long the server took to answer. Milliseconds. */
  answered(latency: number): void {
    this.#latency = latency
  }

  /** Resolves once `owner` may send `bytes`; rejects with the signal's reason. */
  acquire(owner: object, bytes: number, signal: AbortSignal): Promise<Permit> {
    return this.#enter(owner, bytes, signal, () => this.#take(owner, bytes))
  }

  /** Resolves once `owner` could send `bytes`, without taking a permit. Rejects with the signal's reason. */
  whenFree(owner: object, bytes: number, signal: AbortSignal): Promise<void> {
    return this.#enter(owner, bytes, signal, () => undefined)
  }

  /** The store or the network is congested: lowers the concurrency. */
  congested(): void {
    this.#state = congested(this.#state, this.#clock.now())
  }

  #enter<T>(owner: object, bytes: number, signal: AbortSignal, take: () => T): Promise<T> {
    const admitted = this.#waiting.wait({ owner, bytes }, signal, take, () => this.#hand())
    this.#hand()
    return admitted
  }

  #hand(): void {
    for (;;) {
      const next = this.#waiting.neediest((owner) => this.#held.get(owner) ?? 0)
      if (next === undefined || !this.#fits(next.bytes)) return
      next.admit()
    }
  }

  #fits(bytes: number): boolean {
    if (this.#permits.size === 0) return true
    if (this.#permits.size >= this.#state.limit || this.#isCareful) return false
    const { speed } = this
    const now = this.#clock.now()
    if (this.#inFlight + bytes <= mostInFlight(speed, bytes)) {
      if (speed === null) return true
      const { at, bytes: last } = this.#started
      const starts = speed < thinLine ? startsOnThinLine : startsAtOnce
      const wait = at + Math.min(longestGap, (last * 1000) / (speed * starts)) - now
      if (wait > 0) this.#handIn(wait)
      return wait <= 0
    }
    if (speed === null) return false
    const waiting = this.#inFlight - this.#line.inFlight
    const over = waiting + this.#line.remaining(now) - (speed * (ahead + this.#latency)) / 1000
    if (over <= 0) return true
    this.#handIn(Math.max(20, (over * 1000) / speed))
    return false
  }

  #handIn(ms: number): void {
    const at = this.#clock.now() + ms
    if (at >= this.#wakeAt) return
    this.#wakeAt = at
    void this.#clock.sleep(ms).then(() => {
      if (this.#wakeAt !== at) return
      this.#wakeAt = Infinity
      this.#hand()
    })
  }

  #take(owner: object, bytes: number): Permit {
    let startedAt: number | null = null
    const controller = new AbortController()
    const permit: Permit = {
      yielded: controller.signal,
      timeLeft: () => {
        const { share } = this
        const now = this.#clock.now()
        return share === null ? null : (bytes * 1000) / share - (now - (startedAt ?? now))
      },
      begun: () => {
        startedAt = this.#clock.now()
        this.#line.began(permit, bytes, startedAt, this.#latency)
      },
      acknowledged: (part) => {
        const at = this.#clock.now()
        const isBusy = this.#permits.size >= this.#state.limit
        this.#line.acknowledged(permit, part, at)
        this.#state = acknowledged(this.#state, bytes, at, isBusy)
        this.#isCareful = false
        this.#remember(at)
      },
      release: () => {
        if (!this.#permits.delete(permit)) return
        this.#inFlight -= bytes
        this.#line.ended(permit)
        const left = (this.#held.get(owner) ?? 1) - 1
        if (left === 0) this.#held.delete(owner)
        else this.#held.set(owner, left)
        this.#hand()
      },
    }
    this.#permits.set(permit, { bytes, controller })
    this.#held.set(owner, (this.#held.get(owner) ?? 0) + 1)
    this.#inFlight += bytes
    if (bytes >= worthYielding) {
      this.#started = { at: this.#clock.now(), bytes }
      this.#watchFirst()
    }
    return permit
  }

  #remember(now: number): void {
    const { speed } = this
    if (speed === null || !this.isMeasured || now < this.#rememberAt) return
    this.#rememberAt = now + rememberEvery
    this.#memory.write(speed)
  }

  /** If the line turns out to be slow, lets one request finish soon instead of several late. */
  #watchFirst(): void {
    if (this.#isWatching || this.#line.isMeasured || this.#permits.size < 2) return
    this.#isWatching = true
    const startedAt = this.#clock.now()
    const look = (): void => {
      const left = startedAt + this.#patience() - this.#clock.now()
      if (left > 0 && !this.#line.isMeasured) {
        void this.#clock.sleep(left).then(look)
        return
      }
      this.#isWatching = false
      if (!this.#line.isMeasured && this.#permits.size > 1) this.#giveWay()
    }
    look()
  }

  /** Milliseconds within which the first answer arrives unless the line is slow; grows as more requests start. */
  #patience(): number {
    const { speed } = this
    const expected =
      speed === null
        ? (patience * this.#inFlight) / patienceBytes
        : (muchSlower * 1000 * this.#inFlight) / speed
    return slowStart * this.#latency + Math.max(patience, expected)
  }

  #giveWay(): void {
    this.#line.forget()
    this.#isCareful = true
    const [, ...younger] = [...this.#permits.values()].filter(({ bytes }) => bytes >= worthYielding)
    for (const { controller } of younger) controller.abort(new Error('The line is too thin for it now.'))
  }
}
