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
  /** Aborted when the request is to be given up in favour of others, and made again later. */
  readonly yielded: AbortSignal
  /** Milliseconds until the line has probably carried it; `null` while nothing is known. */
  timeLeft(): number | null
  /** The request goes out, perhaps an hour after its permit: only from now on the line can carry it. */
  begun(): void
  /**
   * The store acknowledged what it was for; call it before {@link release}.
   *
   * @param part bytes of a first part of its upload; infinity of a file that goes whole
   */
  acknowledged(part: number): void
  release(): void
}

interface Held {
  readonly bytes: number
  readonly controller: AbortController
}

/**
 * The next request goes out so long before the line has carried what is under way, and as long before that as an answer
 * takes: so a thin line that carries one part at a time does not stand still between two. Milliseconds.
 */
const ahead = 500
/**
 * An unknown line that has answered none of the first requests within this time for each 3 MiB, and as long as four
 * answers of the server took, is thin: all but one are made again later. Milliseconds.
 */
const patience = 500
const patienceBytes = 3 * 2 ** 20
/** A connection that begins doubles what it carries with each round trip; a MiB takes it seven, and two MiB share the line. */
const slowStart = 4
/** A line that is so many times slower than it is remembered is another one. Less may be a busy moment, or a wrong guess. */
const muchSlower = 3
/** Milliseconds. */
const rememberEvery = 3_000
/**
 * Requests of one size that begin together end together: the line stands idle while all wait for their answers, and who
 * reloads just before loses all of them. So they begin one after another, as many in the time that the line takes for one.
 */
const startsAtOnce = 16
/** The same where a part takes the line a good part of a second: the one before is half through when the next begins. */
const startsOnThinLine = 2
/** Less than this is a thin line. Bytes per second. */
const thinLine = 3 * 2 ** 20
/** Milliseconds. */
const longestGap = 1_000
/** Requests of fewer bytes are not worth giving up. */
const worthYielding = 2 ** 18

/**
 * One pool of requests for all files, bounded by number and by bytes: what is under way is what the line carries in a few
 * seconds. A permit that falls free goes to the file that holds the fewest, so a small file waits for one part of a large
 * one at most, never for all of it.
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
  /** Bytes of all permits, whether their requests have gone out or not. */
  #inFlight = 0
  #rememberAt = 0
  /** Whether one request at a time goes out until one was answered. */
  #isCareful: boolean
  #isWatching = false
  #wakeAt = Infinity
  /** The last request that is not small. */
  #started = { at: -Infinity, bytes: 0 }

  constructor(ceiling: number, clock: Clock, { memory, isSlow }: LineHints = nothingKnown) {
    const speed = memory.read()
    this.#state = initialConcurrency(ceiling)
    this.#clock = clock
    this.#memory = memory
    this.#line = new LineSpeed(speed)
    this.#isCareful = isSlow && speed === null
  }

  /** How many requests there may be at once now, should they be small. */
  get concurrency(): number {
    return this.#state.limit
  }

  /** Bytes per second of the line; `null` while nothing is known. */
  get speed(): number | null {
    return this.#line.at(this.#clock.now())
  }

  /** Whether {@link speed} was measured in this page. */
  get isMeasured(): boolean {
    return this.#line.isMeasured
  }

  /** Bytes per second that each request has of the line; `null` while nothing is known. */
  get share(): number | null {
    const { speed } = this
    return speed === null ? null : speed / Math.max(1, this.#permits.size)
  }

  /** The server took so long to answer. Milliseconds. */
  answered(latency: number): void {
    this.#latency = latency
  }

  /** Resolves once `owner` may send `bytes`; rejects with the signal's reason. */
  acquire(owner: object, bytes: number, signal: AbortSignal): Promise<Permit> {
    return this.#enter(owner, bytes, signal, () => this.#take(owner, bytes))
  }

  /** Resolves once `owner` could send `bytes`, and takes nothing. Rejects with the signal's reason. */
  whenFree(owner: object, bytes: number, signal: AbortSignal): Promise<void> {
    return this.#enter(owner, bytes, signal, () => undefined)
  }

  /** The store or the network ask for less. */
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

  /** Sees to it that a line that turns out to be thin brings one part soon instead of several late. */
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

  /** Milliseconds within which the first answer comes, unless the line is thin. Others may have gone out meanwhile. */
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
