import type { SignedRequest, StoreCapabilities } from './object-store.js'
import type { Signing, StoreRequest } from './request.js'

/** What tells one store apart from another; all the rest of the protocol is shared. */
export interface DialectRules {
  readonly capabilities: StoreCapabilities
  /** Header with the CRC-64/XZ of what was stored; `null` when there is none. */
  readonly crc64Header: string | null
  /** Header that makes a PUT or complete fail when the key exists. */
  readonly forbidOverwrite: Readonly<Record<string, string>>
  /** Reads a key of a listing with `encoding-type=url`; `null`: listings are asked for without it. */
  readonly decodeListedKey: ((text: string) => string) | null
  /** Adds authorization, in headers. Of `request.headers` those that `fetch` sets itself are left out. */
  readonly sign: (request: StoreRequest, signing: Signing) => Promise<SignedRequest>
  /** Adds authorization, in the query. */
  readonly presign: (request: StoreRequest, signing: Signing) => Promise<SignedRequest>
}
