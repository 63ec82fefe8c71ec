import type { ObjectHeaders } from './object-store.js'

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
