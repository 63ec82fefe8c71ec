import type { StoreCredentials } from './object-store.js'

/** Credentials with the time in which they are good, unix seconds; without it they are asked for before each request. */
export interface TimedCredentials extends StoreCredentials {
  readonly startsAt?: number
  readonly expiresAt?: number
}

/** Fetches credentials; asked again shortly before they end, and after the store refused them. */
export type CredentialProvider = () => Promise<TimedCredentials>

/** Seconds before their end at which credentials are replaced, so that none runs out on its way. */
const renewAhead = 60

/** Fixed credentials, or those of a provider: kept until shortly before their end, asked for once however many wait. */
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

  /** Forgets what it holds, for the store refused it. */
  drop(): void {
    this.#current = undefined
  }

  async #ask(): Promise<TimedCredentials> {
    this.#expiresAt = Infinity // whoever comes while this is under way waits for it
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
