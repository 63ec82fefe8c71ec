import type { ObjectHeaders } from './object-store.js'

/**
 * What COS (436/7749) and S3 ("PutObject") store with an object beside its type and its name. What a signature does not
 * cover could be added by whoever sends the request, so each is signed, and sent, as nothing.
 */
export const noOtherHeaders = {
  'cache-control': '',
  'content-encoding': '',
  'content-language': '',
  expires: '',
} as const

/** What is stored along with an object, and what its bytes have to be, by the names of HTTP. */
export function objectHeaders(headers: ObjectHeaders): Record<string, string> {
  return {
    ...(headers.contentType === undefined ? {} : { 'content-type': headers.contentType }),
    ...(headers.contentDisposition === undefined
      ? {}
      : { 'content-disposition': headers.contentDisposition }),
    ...(headers.contentMd5 === undefined ? {} : { 'content-md5': headers.contentMd5 }),
  }
}
