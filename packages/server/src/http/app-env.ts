import type { FoundOwner } from './authorize.js'

/** Variables that the middleware sets for the handlers and for the log. */
export interface AppEnv {
  Variables: {
    /** Owner of the uploads that the request is about; set for routes that need one. */
    owner: string
    /** What `authorize` returned beside the owner; not set for a signed link. */
    authorized: Pick<FoundOwner, 'context' | 'limits' | 'share'>
    /** Pseudonym of the address that the request comes from; `null` if unknown. */
    address: string | null
    /** Origin of this server as the caller sees it. */
    origin: string
    /** Address of this server as the caller sees it, with the path it is mounted at, without a slash at the end. */
    base: string
    /** Unix seconds; set if a signed link authorizes the request. */
    linkUntil: number | undefined
    /** Bytes of the body that were read. */
    requestBytes: number
  }
}
