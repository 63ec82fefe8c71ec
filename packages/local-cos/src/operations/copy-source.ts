import { objectKey, sourceHost } from '../address.js'
import { CosError } from '../errors.js'
import type { ObjectRecord } from '../storage/object-record.js'
import type { OpenObject } from '../storage/open-object.js'
import { refuseArchived } from './archives.js'
import { namesETag, secondsOf } from './conditions.js'
import { headerOf, type OperationContext } from './context.js'
import { namedVersion, noSuchKey, noSuchVersion } from './versions.js'

export interface CopySource {
  readonly bucket: string
  readonly key: string
  /** `undefined` means the latest. */
  readonly versionId: string | undefined
}

/**
 * Parses `x-cos-copy-source`: `<bucket>.cos.<region>.myqcloud.com/<key>`, with the key percent-encoded,
 * optionally followed by `?versionId=…` (436/10881).
 *
 * @throws {@link CosError} `InvalidArgument`, `NoSuchVersion`, `NoSuchBucket` (another region)
 */
export function copySourceOf(context: OperationContext): CopySource {
  const text = headerOf(context, 'x-cos-copy-source') ?? ''
  const slash = text.indexOf('/')
  const host = sourceHost(text.slice(0, Math.max(0, slash)))
  const [encodedKey = '', query] = text.slice(slash + 1).split('?', 2)
  if (slash === -1 || host === null || encodedKey === '' || /[^\x21-\x7e]/.test(text)) {
    throw invalidSource()
  }
  const versionId = query === undefined ? undefined : /^versionId=([\w-]+)$/i.exec(query)?.[1]
  if (query !== undefined && versionId === undefined) {
    throw new CosError(
      'InvalidArgument',
      'Only ?versionId= may follow the key of x-cos-copy-source. Encode the "?" when it belongs to the key.',
    )
  }
  if (host.region !== context.region) {
    throw new CosError('NoSuchBucket', `The bucket to copy from is not in region ${host.region}.`)
  }
  return {
    bucket: host.bucket,
    key: objectKey(decodedKey(encodedKey)),
    versionId: versionId === undefined ? undefined : namedVersion(context, versionId),
  }
}

function decodedKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw invalidSource()
  }
}

function invalidSource(): CosError {
  return new CosError(
    'InvalidArgument',
    'x-cos-copy-source must be <bucket>-<appid>.cos.<region>.myqcloud.com/<key>, the key percent-encoded. Nothing was copied.',
  )
}

/**
 * Opens the source of a copy after checking access and conditions. The caller must close it.
 *
 * @throws {@link CosError} `AccessDenied`, `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`, `PreconditionFailed`,
 *   `InvalidArgument`, `InvalidObjectState`, `InvalidRequest` (an appendable object or a symlink)
 */
export async function openSource(
  context: OperationContext,
  { bucket, key, versionId }: CopySource,
): Promise<OpenObject> {
  // Check first, so that a refusal does not reveal whether the object exists.
  if (!(await context.mayRead(bucket, key, versionId))) {
    throw new CosError(
      'AccessDenied',
      'Access Denied. No policy allows GetObject on the object to copy from.',
    )
  }
  const object = await context.storage.get(bucket).objects.open(key, versionId)
  if (object === null) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId)
  try {
    checkConditions(context, object.record)
    refuseArchived(object.record, context.now)
    const { appendable, symlink } = object.record
    if (appendable === true || symlink !== undefined) {
      const what = appendable === true ? 'An appendable object' : 'A symlink'
      throw new CosError('InvalidRequest', `${what} cannot be copied. Nothing was copied.`)
    }
    return object
  } catch (error) {
    await object.close()
    throw error
  }
}

/** Treats an empty header as missing: SDKs send empty headers for unset options. */
function sourceHeader(context: OperationContext, name: string): string | undefined {
  const text = headerOf(context, `x-cos-copy-source-${name}`)
  return text === '' ? undefined : text
}

/** All given conditions must hold: "else 412 is returned" (436/10881). */
function checkConditions(context: OperationContext, record: ObjectRecord): void {
  const condition = (name: string): string | undefined => sourceHeader(context, `if-${name}`)
  const date = (name: string): number | null => {
    const text = condition(name)
    const seconds = secondsOf(text)
    if (text !== undefined && seconds === null) {
      throw new CosError('InvalidArgument', `x-cos-copy-source-if-${name} is no date of HTTP.`)
    }
    return seconds
  }
  const match = condition('match')
  const noneMatch = condition('none-match')
  const modifiedSince = date('modified-since')
  const unmodifiedSince = date('unmodified-since')
  const modified = Math.floor(record.lastModified / 1000)
  if (
    (match !== undefined && !namesETag(match, record.etag)) ||
    (noneMatch !== undefined && namesETag(noneMatch, record.etag)) ||
    (modifiedSince !== null && modified <= modifiedSince) ||
    (unmodifiedSince !== null && modified > unmodifiedSince)
  ) {
    throw new CosError(
      'PreconditionFailed',
      'The object to copy from is not as the request requires it to be. Nothing was copied.',
    )
  }
}

/**
 * Each condition "may be used together with" the other of its pair; "with other conditions, a conflict is
 * returned" (436/8287).
 *
 * @throws {@link CosError} `InvalidArgument`
 */
export function refuseMixedConditions(context: OperationContext): void {
  const given = (names: readonly string[]): boolean =>
    names.some((name) => sourceHeader(context, `if-${name}`) !== undefined)
  if (given(['match', 'unmodified-since']) && given(['none-match', 'modified-since'])) {
    throw new CosError(
      'InvalidArgument',
      'Of the conditions, If-Match goes with If-Unmodified-Since and If-None-Match with If-Modified-Since only.',
    )
  }
}

/**
 * First and last byte of `x-cos-copy-source-range`, or the whole object if there is no such header. A range
 * beyond the end is refused, because the part would be shorter than the client expects.
 *
 * @throws {@link CosError} `InvalidArgument`, `InvalidRange`
 */
export function sourceRange(
  context: OperationContext,
  { size }: ObjectRecord,
): readonly [start: number, end: number] {
  const text = sourceHeader(context, 'range')
  if (text === undefined) return [0, size - 1]
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(text.trim()) ?? []
  const [start, end] = [Number(first), Number(last)]
  if (first === undefined || last === undefined || end < start) {
    throw new CosError(
      'InvalidArgument',
      'x-cos-copy-source-range must be bytes=first-last, both from 0 and included. Nothing was copied.',
    )
  }
  if (end >= size) {
    throw new CosError(
      'InvalidRange',
      `The object to copy from has ${size} bytes; the range reaches beyond. Nothing was copied.`,
    )
  }
  return [start, end]
}
