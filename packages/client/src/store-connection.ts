/** Milliseconds for which a requested connection is assumed to stay open. */
const lasts = 8_000

/**
 * Opens a connection to the store ahead of time, while a file that was just picked is identified and opened. This saves
 * one round trip before the first byte, or two with TLS.
 */
export class StoreConnection {
  #origin: string | null = null
  #openedAt = -Infinity

  /** @param origin the store's origin, as the server returns it with a list; `undefined` from older servers */
  learn(origin: string | undefined): void {
    this.#origin = origin ?? this.#origin
  }

  /** Opens the connection because something will be sent soon. */
  open(): void {
    if (this.#origin === null || typeof document === 'undefined') return
    const now = performance.now()
    if (now - this.#openedAt < lasts) return
    this.#openedAt = now
    const link = document.createElement('link')
    link.rel = 'preconnect'
    link.href = this.#origin
    // Parts are sent without credentials, and browsers use separate connections for such requests.
    link.crossOrigin = 'anonymous'
    document.head.append(link)
    link.remove()
  }
}
