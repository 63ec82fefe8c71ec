import type { ObjectHeaders } from './store-calls.js'
import type { StoreDialect } from './store-dialect.js'

/**
 * Headers that COS (436/7749) and S3 ("PutObject") store with an object besides its type and name. A client could add
 * a header that the signature does not cover, so each of these is signed and sent empty.
 */
export const emptyObjectHeaders = {
  /** Empty: no caching rule. */
  'cache-control': '',
  /** Empty: no content encoding. */
  'content-encoding': '',
  /** Empty: no language. */
  'content-language': '',
  /** Empty: no expiry. */
  expires: '',
} as const

/**
 * Encodes text as a metadata value, which is an HTTP header: characters outside printable ASCII, spaces and `%`
 * become `%XX` of their UTF-8. `decodeURIComponent` decodes it.
 *
 * @throws URIError for text with a lone surrogate, which has no UTF-8.
 * @example encodeMetadata('album 7') // 'album%207'
 */
export function encodeMetadata(text: string): string {
  return text.replace(/[^\x21-\x7e]+|%/gu, encodeURIComponent)
}

/** The HTTP headers for an object's metadata and attributes, and for the MD5 that its body must have. */
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
