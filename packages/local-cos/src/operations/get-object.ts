import { CosError } from '../errors.js'
import { asHeaderValue } from '../header-values.js'
import { replaceableHeaders } from '../routes.js'
import type { ObjectRecord } from '../storage/object-record.js'
import { namesETag, secondsOf } from './conditions.js'
import { bucketOf, headerOf, type Answer, type OperationContext } from './context.js'
import { answeredHeaders } from './object-headers.js'
import { findObject } from './one-object.js'
import { noSuchObject, requestedVersion, versionHeaders } from './versions.js'

/** https://cloud.tencent.com/document/product/436/7753 */
export async function getObject(context: OperationContext): Promise<Answer> {
  const object = await bucketOf(context).objects.open(context.address.key, requestedVersion(context))
  if (object === null) throw await noSuchObject(context)
  try {
    const { record } = object
    const headers = headersOf(context, record)
    if (!passesConditions(context, record)) {
      await object.close()
      return { status: 304, headers }
    }
    const range = isForThis(context, record) ? parseRange(headerOf(context, 'range'), record.size) : null
    const [start, end] = range ?? [0, record.size - 1]
    return {
      status: range === null ? 200 : 206,
      headers: {
        ...headers,
        'Content-Length': end - start + 1,
        ...(range === null ? {} : { 'Content-Range': `bytes ${start}-${end}/${record.size}` }),
      },
      body: { kind: 'stream', stream: object.read(start, end), close: () => object.close() },
    }
  } catch (error) {
    await object.close()
    throw error
  }
}

/** https://cloud.tencent.com/document/product/436/7745 */
export async function headObject(context: OperationContext): Promise<Answer> {
  const record = await findObject(context)
  const headers = headersOf(context, record)
  if (!passesConditions(context, record)) return { status: 304, headers }
  return { status: 200, headers: { ...headers, 'Content-Length': record.size } }
}

function headersOf(context: OperationContext, record: ObjectRecord): Record<string, string> {
  return { ...answeredHeaders(record), ...versionHeaders(context, record), ...overriddenHeaders(context) }
}

/** `response-content-type` and the like, in the query. */
function overriddenHeaders({ address }: OperationContext): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of replaceableHeaders) {
    const value = address.query.get(`response-${name}`)
    if (value !== undefined)
      headers[name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())] = asHeaderValue(value)
  }
  return headers
}

/**
 * Whether the content is to be sent; false is 304. RFC 9110 section 13.2.2 gives the order.
 *
 * @throws {@link CosError} `PreconditionFailed`
 */
function passesConditions(context: OperationContext, record: ObjectRecord): boolean {
  const ifMatch = headerOf(context, 'if-match')
  const ifUnmodified = secondsOf(headerOf(context, 'if-unmodified-since'))
  const ifNoneMatch = headerOf(context, 'if-none-match')
  const ifModified = secondsOf(headerOf(context, 'if-modified-since'))
  const modified = Math.floor(record.lastModified / 1000)
  const failed =
    ifMatch === undefined
      ? ifUnmodified !== null && modified > ifUnmodified
      : !namesETag(ifMatch, record.etag)
  if (failed) throw new CosError('PreconditionFailed', 'The object is not as the request requires it to be.')
  if (ifNoneMatch !== undefined) return !namesETag(ifNoneMatch, record.etag)
  return ifModified === null || modified > ifModified
}

/**
 * Whether a range is of this very object: "If the validator does not match, ignore the Range" (RFC 9110 section 13.1.5).
 * A weak validator never matches, nor does a date but the exact one.
 */
function isForThis(context: OperationContext, record: ObjectRecord): boolean {
  const validator = headerOf(context, 'if-range')?.trim()
  if (validator === undefined || validator === `"${record.etag}"`) return true
  return secondsOf(validator) === Math.floor(record.lastModified / 1000)
}

/**
 * First and last byte of a `Range` of one piece; `null` when the whole is to be sent (RFC 9110 section 14.2).
 *
 * @throws {@link CosError} `InvalidRange`
 */
export function parseRange(
  header: string | undefined,
  size: number,
): readonly [start: number, end: number] | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new CosError('InvalidRange', `The object has ${size} bytes; the range lies outside.`, {
      headers: { 'Content-Range': `bytes */${size}` },
    })
  }
  return [start, end]
}
