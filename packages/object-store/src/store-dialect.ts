import type { FormRequest, SignedForm, SignedRequest } from './store-calls.js'
import type { DialectInfo, StoreCapabilities } from './store-description.js'
import type { Signing, StoreRequest } from './request.js'

/** Everything in which stores differ. The rest of the code is shared, and never depends on a dialect's name. */
export interface StoreDialect extends DialectInfo {
  /** The defaults for a store of this dialect. */
  readonly capabilities: StoreCapabilities
  /** Where its CRC-64 is, and how it is written. */
  readonly crc64: Crc64Rules
  /** Header that makes a PUT or complete fail when the key exists. */
  readonly forbidOverwrite: Readonly<Record<string, string>>
  /** Begins the names of headers that hold an object's own metadata. */
  readonly metadataPrefix: string
  /** Of the headers that say how an object is kept. */
  readonly attributes: AttributeHeaders
  /** Reads a key of a listing with `encoding-type=url`; `null`: listings are asked for without it. */
  readonly decodeListedKey: ((text: string) => string) | null
  /** Adds authorization, in headers. Of `request.headers` those that `fetch` sets itself are left out. */
  readonly sign: (request: StoreRequest, signing: Signing) => Promise<SignedRequest>
  /** Adds authorization, in the query. */
  readonly presign: (request: StoreRequest, signing: Signing) => Promise<SignedRequest>
  /** `null`: no form of this dialect fixes the bytes that may be sent by it. */
  readonly signForm: ((form: Omit<FormRequest, 'expiresIn'>, signing: Signing) => Promise<SignedForm>) | null
}

/** Names of the headers that say how an object is kept, and the values that differ between stores. */
export interface AttributeHeaders {
  /** Has the storage class. */
  readonly storageClass: string
  /** Has the tags, as a query. */
  readonly tags: string
  /** Has one of {@link AttributeHeaders.encryptionBy}. */
  readonly encryption: string
  /** Its values, by whose key encrypts. */
  readonly encryptionBy: { readonly store: string; readonly kms: string }
  /** Which key of the key management service. */
  readonly encryptionKey: string
}

/** How a dialect transfers the CRC-64 of what was stored, where the store computes one. */
export interface Crc64Rules {
  /** Of the answers to a part, a PUT, a complete and HEAD. */
  readonly header: string
  /** The same in the XML of a listed part and of a complete; `null`: it is not there. */
  readonly element: string | null
  /** As unsigned decimal; `undefined` when the text is no CRC-64 of bytes. */
  readonly read: (text: string) => string | undefined
  /** Headers that ask for it. */
  readonly toCreate: Readonly<Record<string, string>>
  /** The same, of a HEAD. */
  readonly toHead: Readonly<Record<string, string>>
  /** Headers that make the store refuse a complete of other content. @param crc64 unsigned decimal */
  readonly toComplete: (crc64: string) => Readonly<Record<string, string>>
}
