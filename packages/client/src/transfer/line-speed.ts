/** Milliseconds after which a measurement begins anew, so that a line that changes is followed. */
const longestSpan = 8_000
/** Acknowledged requests that a measurement has at least before it is replaced. */
const fewestAnswers = 3
/** The same where requests are answered sooner: connections that begin carry more with each answer. Milliseconds. */
const shortestSpan = 300
/** So many times as long as a request takes. */
const turns = 2
/** What brought no more bytes tells how long answers take, and nothing of the line; nor does less than a quarter of a part. */
const leastMeasured = 2 ** 18
/** Of what other requests in flight are supposed to have carried as well: less than an equal share, to be careful. */
const share = 0.8

/** Bytes that a connection sends before the first answer: ten segments (RFC 6928). */
const initialWindow = 14_480
/** Of the time of a first measurement: the rest is the line's. */
const mostStarting = 0.5

interface Flight {
  readonly bytes: number
  readonly startedAt: number
}

/**
 * Milliseconds before a new connection carries `rate` bytes in each: a preflight, and round trips in each of which it sends
 * twice as much as in the one before.
 */
function slowStart(rate: number, roundTrip: number): number {
  return roundTrip * (1 + Math.log2(1 + (rate * roundTrip) / initialWindow))
}

/**
 * Bytes per second that the store acknowledges, over all requests together. Bytes handed to the network say little:
 * up to some megabytes of them may be in a socket buffer. Requests that began with one that was answered are
 * supposed to be nearly as far. Time in which nothing is under way does not count.
 */
export class LineSpeed {
  readonly #flights = new Map<object, Flight>()
  #span = { at: 0, bytes: 0, credit: 0, answers: 0, roundTrip: 0 }
  /** Of earlier measurements. */
  #before: number | null
  #speed: number | null
  #inFlight = 0
  #lastAnswer: number | null = null
  #isMeasured = false

  /** @param remembered bytes per second of an earlier visit; `null` where nothing is known */
  constructor(remembered: number | null) {
    this.#before = remembered
    this.#speed = remembered
  }

  /** Bytes of all requests under way. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether so much was acknowledged that the speed is known of this page. */
  get isMeasured(): boolean {
    return this.#isMeasured
  }

  /** Bytes per second; `null` while nothing is known. */
  at(now: number): number | null {
    if (this.#speed === null || this.#lastAnswer === null || this.#flights.size === 0) return this.#speed
    // Where no answer comes any more the line carries no more than what is under way.
    const silence = now - Math.max(this.#lastAnswer, this.#oldestStart())
    return silence > 0 ? Math.min(this.#speed, (this.#inFlight * 1000) / silence) : this.#speed
  }

  /** What was known of the line does not hold. */
  forget(): void {
    this.#before = null
    this.#speed = null
  }

  /** @param roundTrip milliseconds, as far as it is known */
  began(request: object, bytes: number, now: number, roundTrip: number): void {
    if (this.#flights.size === 0) {
      this.#before = this.#speed
      this.#span = { at: now, bytes: 0, credit: 0, answers: 0, roundTrip: this.#isMeasured ? 0 : roundTrip }
    }
    this.#flights.set(request, { bytes, startedAt: now })
    this.#inFlight += bytes
  }

  /** The store acknowledged it. @param part bytes of a first part of its upload; infinity of a file that goes whole */
  acknowledged(request: object, part: number, now: number): void {
    const flight = this.#flights.get(request)
    if (flight === undefined) return
    this.ended(request)
    this.#lastAnswer = now
    const span = this.#span
    span.bytes += flight.bytes
    span.answers += 1
    const lasted = now - span.at
    if (span.bytes <= Math.min(leastMeasured - 1, part / 4) || lasted <= 0) return
    this.#isMeasured = true
    const credit = this.#credit(flight.bytes / Math.max(1, now - flight.startedAt), now)
    const carried = Math.max(flight.bytes, span.bytes + credit - span.credit)
    const starting = Math.min(slowStart(carried / lasted, span.roundTrip), lasted * mostStarting)
    const measured = (carried * 1000) / (lasted - starting)
    const enough = Math.min(longestSpan, Math.max(shortestSpan, turns * (now - flight.startedAt)))
    const weight = this.#before === null ? 1 : Math.min(1, (2 * lasted) / enough)
    this.#speed = (this.#before ?? 0) * (1 - weight) + measured * weight
    if (lasted < enough || span.answers < fewestAnswers) return
    this.#before = this.#speed
    this.#span = { at: now, bytes: 0, credit, answers: 0, roundTrip: 0 }
  }

  /** It failed, or was stopped. */
  ended(request: object): void {
    const flight = this.#flights.get(request)
    if (flight === undefined) return
    this.#flights.delete(request)
    this.#inFlight -= flight.bytes
  }

  /** Bytes under way that the line has probably not carried yet. */
  remaining(now: number): number {
    const speed = this.at(now)
    if (speed === null) return this.#inFlight
    const each = speed / Math.max(1, this.#flights.size) / 1000
    let bytes = 0
    for (const flight of this.#flights.values()) {
      bytes += Math.max(0, flight.bytes - (now - flight.startedAt) * each)
    }
    return bytes
  }

  #oldestStart(): number {
    let oldest = Infinity
    for (const { startedAt } of this.#flights.values()) oldest = Math.min(oldest, startedAt)
    return oldest
  }

  /** @param rate bytes per millisecond of the request that was answered just now */
  #credit(rate: number, now: number): number {
    let bytes = 0
    for (const flight of this.#flights.values()) {
      bytes += Math.min(flight.bytes, (now - flight.startedAt) * rate) * share
    }
    return bytes
  }
}
