/** Milliseconds for which a connection that was asked for is taken to be there. */
const lasts = 8_000

/**
 * Opens a connection to the store ahead of time, while a file that was just picked is identified and opened: a round trip
 * less until the first byte, two where the store speaks TLS.
 */
export class StoreConnection {
  #origin: string | null = null
  #openedAt = -Infinity

  /** @param origin of the store, as the server tells it with a list; older ones do not */
  learn(origin: string | undefined): void {
    this.#origin = origin ?? this.#origin
  }

  /** Something will be sent soon. */
  open(): void {
    if (this.#origin === null || typeof document === 'undefined') return
    const now = performance.now()
    if (now - this.#openedAt < lasts) return
    this.#openedAt = now
    const link = document.createElement('link')
    link.rel = 'preconnect'
    link.href = this.#origin
    // Parts are sent without cookies, and those have connections of their own.
    link.crossOrigin = 'anonymous'
    document.head.append(link)
    link.remove()
  }
}
