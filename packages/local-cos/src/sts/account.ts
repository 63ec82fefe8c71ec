import type { TokenSealer } from './token.js'

/** The store's account: its permanent key and the sealer of temporary keys. */
export interface Account {
  readonly secretId: string
  readonly secretKey: string
  readonly tokens: TokenSealer
}
