import type { FormRequest, SignedForm, SignedRequest } from './store-calls.js'
import type { DialectInfo, StoreCapabilities } from './store-description.js'
import type { Signing, StoreRequest } from './request.js'

/** Everything that differs between stores. The rest of the code is shared, and never depends on a dialect's name. */
export interface StoreDialect extends DialectInfo {
  /** The defaults for a store of this dialect. */
  readonly capabilities: StoreCapabilities
  /** Where the store sends CRC-64s, and in which format. */
  readonly crc64: Crc64Rules
  /** Header that makes a PUT or complete fail when the key exists. */
  readonly forbidOverwrite: Readonly<Record<string, string>>
  /** Prefix of headers with an object's custom metadata. */
  readonly metadataPrefix: string
  /** Headers for storage class, tags and encryption. */
  readonly attributes: AttributeHeaders
  /** Decodes a key of a listing with `encoding-type=url`; `null`: listings are requested without it. */
  readonly decodeListedKey: ((text: string) => string) | null
  /** Adds authorization as headers. Omits those of `request.headers` that `fetch` sets itself. */
  readonly sign: (request: StoreRequest, signing: Signing) => Promise<SignedRequest>
  /** Adds authorization as query parameters. */
  readonly presign: (request: StoreRequest, signing: Signing) => Promise<SignedRequest>
  /** Signs a form; `null`: the dialect has no form that fixes the content. */
  readonly signForm: ((form: Omit<FormRequest, 'expiresIn'>, signing: Signing) => Promise<SignedForm>) | null
}

/** Names of the headers for storage class, tags and encryption, and the values that differ between stores. */
export interface AttributeHeaders {
  /** Header with the storage class. */
  readonly storageClass: string
  /** Header with the tags, encoded as a query. */
  readonly tags: string
  /** Header with one of {@link AttributeHeaders.encryptionBy}. */
  readonly encryption: string
  /** Values of that header, by owner of the key. */
  readonly encryptionBy: { readonly store: string; readonly kms: string }
  /** Header with the key's id at the key management service. */
  readonly encryptionKey: string
}

/** How a dialect transfers the CRC-64 of stored content, if the store computes one. */
export interface Crc64Rules {
  /** Header in the answers to a part, a PUT, a complete and HEAD. */
  readonly header: string
  /** Element in the XML of a listed part and of a complete; `null`: there is none. */
  readonly element: string | null
  /** Converts to unsigned decimal; `undefined` if the text is not a CRC-64 of content. */
  readonly read: (text: string) => string | undefined
  /** Headers that request it when an upload is created. */
  readonly toCreate: Readonly<Record<string, string>>
  /** Headers that request it in a HEAD. */
  readonly toHead: Readonly<Record<string, string>>
  /** Headers that make the store refuse to complete with other content. @param crc64 unsigned decimal */
  readonly toComplete: (crc64: string) => Readonly<Record<string, string>>
}
