import type { StoreCredentials } from './store-description.js'

/** Credentials with their validity in Unix seconds; without it they are requested before each request. */
export interface TimedCredentials extends StoreCredentials {
  /** Unix seconds; absent: valid at once. */
  readonly startsAt?: number
  /** Unix seconds; absent: requested again before each request. */
  readonly expiresAt?: number
}

/** Fetches credentials; called again shortly before they expire, and after the store refused them. */
export type CredentialProvider = () => Promise<TimedCredentials>

/** Seconds before their expiry at which credentials are renewed, so that none expires in flight. */
const renewAhead = 60

/** Fixed credentials, or those of a provider: cached until shortly before they expire, and requested by one call at a time. */
export class CredentialSource {
  readonly #provide: CredentialProvider
  readonly renewable: boolean
  #current: Promise<TimedCredentials> | undefined
  #expiresAt = 0

  constructor(credentials: StoreCredentials | CredentialProvider) {
    this.renewable = typeof credentials === 'function'
    this.#provide =
      typeof credentials === 'function' ? credentials : async () => ({ expiresAt: Infinity, ...credentials })
  }

  /** @param now unix seconds */
  async get(now: number): Promise<TimedCredentials> {
    if (this.#current === undefined || now >= this.#expiresAt - renewAhead) this.#current = this.#ask()
    return this.#current
  }

  /** Drops cached credentials that the store refused. */
  drop(): void {
    this.#current = undefined
  }

  async #ask(): Promise<TimedCredentials> {
    this.#expiresAt = Infinity // calls in the meantime share this request
    try {
      const credentials = await this.#provide()
      this.#expiresAt = credentials.expiresAt ?? 0
      return credentials
    } catch (error) {
      this.drop()
      throw error
    }
  }
}
