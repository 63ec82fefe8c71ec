import type { StoreCredentials, StoreLocation } from '@carryon/object-store'

/** What the browser may do at the store; docs/api.md. Times are Unix seconds. */
export type Access =
  | {
      readonly mode: 'credentials'
      readonly location: StoreLocation
      readonly credentials: StoreCredentials
      readonly startsAt: number
      readonly expiresAt: number
    }
  | { readonly mode: 'urls'; readonly urls: Readonly<Record<string, string>>; readonly expiresAt: number }
  | {
      readonly mode: 'put'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly expiresAt: number
    }
  | {
      readonly mode: 'form'
      readonly url: string
      readonly fields: Readonly<Record<string, string>>
      readonly expiresAt: number
    }
