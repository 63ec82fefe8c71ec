import { LruCache } from '../lru-cache.js'
import type { IssuedCredentials } from '../sts/sts-issuer.js'

/** Issued credentials by key, issued again when half of their lifetime is over. */
export class CredentialCache {
  readonly #entries: LruCache<string, Entry>
  readonly #now: () => number

  /** @param now Unix milliseconds of the local clock; only differences count, so it may be wrong. */
  constructor(capacity: number, now: () => number) {
    this.#entries = new LruCache(capacity)
    this.#now = now
  }

  /** Those of `key` while more than half of their `lifetime` (seconds) is left, else new ones; one call at a time. */
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
