/**
 * The store's time, learned from its answers. A signature is valid for a window of the *store's* clock, so a
 * computer whose own clock is wrong by hours can still sign.
 *
 * Each answer bounds the difference between the clocks: the store wrote its time after the request was sent and
 * before the answer arrived. The bounds of several answers narrow it; an answer outside them means that the local
 * clock was changed, and resets them.
 *
 * @example
 * const clock = new StoreClock()
 * const sentAt = clock.localNow()
 * const response = await fetch(url)
 * clock.learnFromDate(response.headers.get('date'), sentAt)
 * clock.now() // Unix milliseconds, as the store counts them
 */
export class StoreClock {
  readonly #localNow: () => number
  #earliest = 0
  #latest = 0
  #learned = false

  /** @param localNow Unix milliseconds of the local clock, which may be wrong; default `Date.now` */
  constructor(localNow: () => number = Date.now) {
    this.#localNow = localNow
  }

  /** Unix milliseconds of the local clock: what `sentAt` is measured with. */
  localNow(): number {
    return this.#localNow()
  }

  /** Unix milliseconds as the store counts them, as far as known. */
  now(): number {
    return this.#localNow() + this.offset
  }

  /** Whether the store's time is known from an answer. */
  get hasLearned(): boolean {
    return this.#learned
  }

  /** Milliseconds by which the store's clock is ahead of the local one; 0 until learned. */
  get offset(): number {
    return (this.#earliest + this.#latest) / 2
  }

  /**
   * Learns from an answer's `Date` header, which counts whole seconds. A missing or invalid one is ignored.
   * @param sentAt `localNow()` when the request was sent
   */
  learnFromDate(date: string | Date | null | undefined, sentAt: number): void {
    if (date === null || date === undefined) return
    this.#learn(new Date(date).getTime(), sentAt, 1000)
  }

  /**
   * Learns from a time in the application server's answer, whose clock is taken for the store's.
   * @param unixSeconds with fractions
   * @param sentAt `localNow()` when the request was sent
   */
  learnFromServerTime(unixSeconds: number, sentAt: number): void {
    this.#learn(unixSeconds * 1000, sentAt, 1)
  }

  #learn(time: number, sentAt: number, resolution: number): void {
    const receivedAt = this.#localNow()
    if (!Number.isFinite(time) || receivedAt < sentAt) return
    const earliest = time - receivedAt
    const latest = time + resolution - sentAt
    const agrees = this.#learned && earliest <= this.#latest && latest >= this.#earliest
    this.#earliest = agrees ? Math.max(this.#earliest, earliest) : earliest
    this.#latest = agrees ? Math.min(this.#latest, latest) : latest
    this.#learned = true
  }
}
