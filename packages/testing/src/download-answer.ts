import { encodeMetadata, type ObjectHeaders } from '@carryon/object-store'

/** Byte range from `start` to `end`, exclusive, as in `slice`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** The answer of COS to a download of an object. */
export function answerWith(object: Buffer, stored: ObjectHeaders = {}, range?: ByteRange): Response {
  const { contentType, contentDisposition, cacheControl, metadata = {} } = stored
  const headers = new Headers()
  for (const [name, value] of [
    ['content-type', contentType],
    ['content-disposition', contentDisposition],
    ['cache-control', cacheControl],
    ...Object.entries(metadata).map(([name, text]) => [`x-cos-meta-${name}`, encodeMetadata(text)] as const),
  ] as const) {
    if (value !== undefined && value !== '') headers.set(name, value)
  }
  const bytes = range === undefined ? object : object.subarray(range.start, range.end)
  return new Response(new Uint8Array(bytes), { status: range === undefined ? 200 : 206, headers })
}
