import { LruCache } from '../lru-cache.js'
import type { IssuedCredentials } from '../sts/sts-issuer.js'

/** Caches issued credentials by key, and replaces them when half of their lifetime is over. */
export class CredentialCache {
  readonly #entries: LruCache<string, Entry>
  readonly #now: () => number

  /** @param now Unix milliseconds of the local clock; only differences are used, so the clock may be wrong. */
  constructor(capacity: number, now: () => number) {
    this.#entries = new LruCache(capacity)
    this.#now = now
  }

  /**
   * The cached credentials while more than half of their `lifetime` (seconds) is left, else new ones; concurrent calls
   * share one request.
   */
  async get(
    key: string,
    lifetime: number,
    issue: () => Promise<IssuedCredentials>,
  ): Promise<IssuedCredentials> {
    const known = this.#entries.get(key)
    if (known !== undefined && this.#now() < known.renewAt) return known.issued
    const entry: Entry = { issued: issue(), renewAt: this.#now() + lifetime * 500 }
    this.#entries.set(key, entry)
    entry.issued.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    return entry.issued
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }
}

interface Entry {
  readonly issued: Promise<IssuedCredentials>
  /** Unix milliseconds. */
  readonly renewAt: number
}
