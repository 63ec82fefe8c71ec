import { CosError } from '../errors.js'
import { asHeaderValue } from '../header-values.js'
import { replaceableHeaders } from '../routes.js'
import type { ObjectRecord } from '../storage/object-record.js'
import type { OpenObject } from '../storage/open-object.js'
import { refuseArchived, restoreHeaders } from './archives.js'
import { multipartRanges, parseRanges, type ByteRange } from './byte-ranges.js'
import { namesETag, secondsOf } from './conditions.js'
import { bucketOf, headerOf, type Answer, type OperationContext } from './context.js'
import { answeredHeaders } from './object-headers.js'
import { openTarget } from './symlink.js'
import { noSuchObject, requestedVersion, versionHeaders } from './versions.js'

/** https://cloud.tencent.com/document/product/436/7753 */
export async function getObject(context: OperationContext): Promise<Answer> {
  const object = await openObject(context)
  try {
    const { record } = object
    refuseArchived(record, context.now)
    const headers = headersOf(context, record)
    if (!passesConditions(context, record)) {
      await object.close()
      return { status: 304, headers }
    }
    const ranges = isForThis(context, record) ? parseRanges(headerOf(context, 'range'), record.size) : null
    return contentAnswer(object, headers, ranges)
  } catch (error) {
    await object.close()
    throw error
  }
}

/** Answers with the whole object, one range or several. */
function contentAnswer(
  object: OpenObject,
  headers: Readonly<Record<string, string>>,
  ranges: readonly ByteRange[] | null,
): Answer {
  const { size } = object.record
  const [first, ...more] = ranges ?? []
  const close = async (): Promise<void> => object.close()
  if (first !== undefined && more.length > 0) {
    const { type, length, stream } = multipartRanges(object, [first, ...more], headers['Content-Type'] ?? '')
    return {
      status: 206,
      headers: { ...headers, 'Content-Type': type, 'Content-Length': length },
      body: { kind: 'stream', stream, close },
    }
  }
  const [start, end] = first ?? [0, size - 1]
  return {
    status: first === undefined ? 200 : 206,
    headers: {
      ...headers,
      'Content-Length': end - start + 1,
      ...(first === undefined ? {} : { 'Content-Range': `bytes ${start}-${end}/${size}` }),
    },
    body: { kind: 'stream', stream: object.read(start, end), close },
  }
}

/** Opens the requested object; follows a symlink to its target. */
async function openObject(context: OperationContext): Promise<OpenObject> {
  const object = await bucketOf(context).objects.open(context.address.key, requestedVersion(context))
  if (object === null) throw await noSuchObject(context)
  if (object.record.symlink === undefined) return object
  await object.close()
  return openTarget(context, object.record)
}

/** https://cloud.tencent.com/document/product/436/7745 */
export async function headObject(context: OperationContext): Promise<Answer> {
  const object = await openObject(context)
  const { record } = object
  await object.close()
  const headers = headersOf(context, record)
  if (!passesConditions(context, record)) return { status: 304, headers }
  return { status: 200, headers: { ...headers, 'Content-Length': record.size } }
}

function headersOf(context: OperationContext, record: ObjectRecord): Record<string, string> {
  return {
    ...answeredHeaders(record),
    ...restoreHeaders(record, context.now),
    ...versionHeaders(context, record),
    ...overriddenHeaders(context),
  }
}

/** Headers overridden by `response-content-type` and similar query parameters. */
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
 * Whether to send the content; `false` means 304. Order of the checks: RFC 9110 section 13.2.2.
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
 * Whether the `If-Range` validator matches: "If the validator does not match, ignore the Range" (RFC 9110
 * section 13.1.5). A weak ETag never matches; a date must be exact.
 */
function isForThis(context: OperationContext, record: ObjectRecord): boolean {
  const validator = headerOf(context, 'if-range')?.trim()
  if (validator === undefined || validator === `"${record.etag}"`) return true
  return secondsOf(validator) === Math.floor(record.lastModified / 1000)
}
