import type { FoundOwner } from './authorize.js'

/** What the middleware leaves for the handlers and for the log. */
export interface AppEnv {
  Variables: {
    /** Whose uploads the request is about; set for the routes that need one. */
    owner: string
    /** What `authorize` said beside the owner; not set for a signed link. */
    authorized: Pick<FoundOwner, 'context' | 'limits' | 'share'>
    /** Pseudonym of the address that the request comes from; `null` where that is not known. */
    address: string | null
    /** Of this server as the caller sees it. */
    origin: string
    /** Address of this server as the caller sees it, with the path it is mounted at, without a slash at the end. */
    base: string
    /** Unix seconds; set when a signed link is what lets the request in. */
    linkUntil: number | undefined
    /** Of the body, as far as it was read. */
    requestBytes: number
  }
}
