import type { TokenSealer } from './token.js'

/** The one account of a store: its permanent key, and what seals the temporary ones. */
export interface Account {
  readonly secretId: string
  readonly secretKey: string
  readonly tokens: TokenSealer
}
