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

/** The HTTP headers of an object's metadata, and of the MD5 that its bytes must have. */
export function objectHeaders(headers: ObjectHeaders): Record<string, string> {
  return {
    ...(headers.contentType === undefined ? {} : { 'content-type': headers.contentType }),
    ...(headers.contentDisposition === undefined
      ? {}
      : { 'content-disposition': headers.contentDisposition }),
    ...(headers.contentMd5 === undefined ? {} : { 'content-md5': headers.contentMd5 }),
  }
}
