import type { ObjectHeaders } from './object-store.js'

/**
 * What COS (436/7749) and S3 ("PutObject") store with an object beside its type and its name. A client
 * could add a header that the signature does not cover, so each is signed, and sent, empty.
 */
export const emptyObjectHeaders = {
  'cache-control': '',
  'content-encoding': '',
  'content-language': '',
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
 * The HTTP headers of an object's metadata, and of the MD5 that its bytes must have.
 *
 * @param metadataPrefix of the store's dialect
 */
export function objectHeaders(headers: ObjectHeaders, metadataPrefix: string): Record<string, string> {
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
    ...(headers.contentMd5 === undefined ? {} : { 'content-md5': headers.contentMd5 }),
  }
}
