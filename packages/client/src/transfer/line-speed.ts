/** Milliseconds after which a new measurement begins, so that changes of the line are followed. */
const longestSpan = 8_000
/** Minimum number of acknowledged requests in a measurement before it is replaced. */
const fewestAnswers = 3
/** Minimum duration of a measurement: new connections speed up with each answer. Milliseconds. */
const shortestSpan = 300
/** A measurement lasts this many times as long as a request takes, within the two limits above. */
const turns = 2
/** Fewer bytes measure the response time and not the line; the same is true of less than a quarter of a part. */
const leastMeasured = 2 ** 18
/** Factor on the estimated progress of the other requests in flight; below 1 to be careful. */
const share = 0.8

/** Bytes that a connection sends before the first answer: ten segments (RFC 6928). */
const initialWindow = 14_480
/** At most this share of the first measurement's time is attributed to slow start. */
const mostStarting = 0.5

interface Flight {
  readonly bytes: number
  readonly startedAt: number
}

/**
 * Milliseconds until a new connection carries `rate` bytes per millisecond: one round trip for the preflight, then one
 * for each doubling of what it sends.
 */
function slowStart(rate: number, roundTrip: number): number {
  return roundTrip * (1 + Math.log2(1 + (rate * roundTrip) / initialWindow))
}

/**
 * Measures the bytes per second that the store acknowledges, over all requests together. Bytes handed to the network
 * say little: several megabytes of them may be in a socket buffer. Requests that started together with an answered one
 * are assumed to be nearly as far. Time in which nothing is under way does not count.
 */
export class LineSpeed {
  readonly #flights = new Map<object, Flight>()
  #span = { at: 0, bytes: 0, credit: 0, answers: 0, roundTrip: 0 }
  /** Result of the earlier measurements. */
  #before: number | null
  #speed: number | null
  #inFlight = 0
  #lastAnswer: number | null = null
  #isMeasured = false

  /** @param remembered bytes per second from an earlier visit; `null` if unknown */
  constructor(remembered: number | null) {
    this.#before = remembered
    this.#speed = remembered
  }

  /** Bytes of all requests under way. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether enough was acknowledged on this page to know the speed. */
  get isMeasured(): boolean {
    return this.#isMeasured
  }

  /** Bytes per second; `null` while unknown. */
  at(now: number): number | null {
    if (this.#speed === null || this.#lastAnswer === null || this.#flights.size === 0) return this.#speed
    // Without answers, the line has carried at most the bytes in flight since.
    const silence = now - Math.max(this.#lastAnswer, this.#oldestStart())
    return silence > 0 ? Math.min(this.#speed, (this.#inFlight * 1000) / silence) : this.#speed
  }

  /** Drops the known speed, because it does not apply any more. */
  forget(): void {
    this.#before = null
    this.#speed = null
  }

  /** Counts a request as started. @param roundTrip milliseconds; 0 if unknown */
  began(request: object, bytes: number, now: number, roundTrip: number): void {
    if (this.#flights.size === 0) {
      this.#before = this.#speed
      this.#span = { at: now, bytes: 0, credit: 0, answers: 0, roundTrip: this.#isMeasured ? 0 : roundTrip }
    }
    this.#flights.set(request, { bytes, startedAt: now })
    this.#inFlight += bytes
  }

  /** The store acknowledged it. @param part bytes of the first part of its upload; `Infinity` for a single upload */
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

  /** Removes a request that ended; call it alone when it failed or was stopped. */
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
