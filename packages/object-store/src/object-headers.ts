import type { ObjectHeaders } from './store-calls.js'
import type { StoreDialect } from './store-dialect.js'

/**
 * What COS (436/7749) and S3 ("PutObject") store with an object beside its type and its name. A client
 * could add a header that the signature does not cover, so each is signed, and sent, empty.
 */
export const emptyObjectHeaders = {
  /** Empty: no caching is asked for. */
  'cache-control': '',
  /** Empty: the bytes are as they are. */
  'content-encoding': '',
  /** Empty: none is named. */
  'content-language': '',
  /** Empty: no time is named. */
  expires: '',
} as const

/**
 * Text as a value of an object's metadata, which is an HTTP header: what is no printable ASCII, a space and `%` become
 * `%XX` of their UTF-8. `decodeURIComponent` reads it.
 *
 * @throws URIError for text with half a surrogate pair, which has no UTF-8.
 * @example encodeMetadata('album 7') // 'album%207'
 */
export function encodeMetadata(text: string): string {
  return text.replace(/[^\x21-\x7e]+|%/gu, encodeURIComponent)
}

/**
 * The HTTP headers of an object's metadata and attributes, and of the MD5 that its bytes must have.
 */
export function objectHeaders(
  headers: ObjectHeaders,
  { metadataPrefix, attributes }: Pick<StoreDialect, 'metadataPrefix' | 'attributes'>,
): Record<string, string> {
  return {
    ...(headers.contentType === undefined ? {} : { 'content-type': headers.contentType }),
    ...(headers.contentDisposition === undefined
      ? {}
      : { 'content-disposition': headers.contentDisposition }),
    ...(headers.cacheControl === undefined ? {} : { 'cache-control': headers.cacheControl }),
    ...Object.fromEntries(
      Object.entries(headers.metadata ?? {}).map(([name, value]) => [
        metadataPrefix + name,
        encodeMetadata(value),
      ]),
    ),
    ...attributeHeaders(headers, attributes),
    ...(headers.contentMd5 === undefined ? {} : { 'content-md5': headers.contentMd5 }),
  }
}

function attributeHeaders(
  { storageClass, tags = {}, encryption }: ObjectHeaders,
  names: StoreDialect['attributes'],
): Record<string, string> {
  const tagging = Object.entries(tags).map((tag) => tag.map(encodeURIComponent).join('='))
  const keyId = encryption?.by === 'kms' ? encryption.keyId : undefined
  return {
    ...(storageClass !== undefined && { [names.storageClass]: storageClass }),
    ...(tagging.length > 0 && { [names.tags]: tagging.join('&') }),
    ...(encryption !== undefined && { [names.encryption]: names.encryptionBy[encryption.by] }),
    ...(keyId !== undefined && { [names.encryptionKey]: keyId }),
  }
}
