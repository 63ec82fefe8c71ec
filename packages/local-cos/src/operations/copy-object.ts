import { CosError } from '../errors.js'
import type { ObjectAttributes, ObjectRecord } from '../storage/object-record.js'
import type { OpenObject } from '../storage/open-object.js'
import { parsePartNumber } from '../storage/part-file.js'
import type { ReceivedBody } from '../storage/receive-body.js'
import { element, xmlDeclaration } from '../xml.js'
import { requestedAttributes } from './attributes.js'
import { bucketOf, headerOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import {
  copySourceOf,
  openSource,
  refuseMixedConditions,
  sourceRange,
  type CopySource,
} from './copy-source.js'
import {
  checkOverwrite,
  copiedHeaders,
  encryptionHeaders,
  forbidsOverwrite,
  storedHeaders,
} from './object-headers.js'
import { refuseBody, refuseTooLarge } from './request-body.js'
import { uploadIdOf } from './upload-parts.js'
import { storedVersionHeaders } from './versions.js'

/**
 * https://cloud.tencent.com/document/product/436/10881: problems found before the copying begins are reported
 * by the status. Otherwise 200 is sent, then the result or an `<Error>`.
 */
export async function putObjectCopy(context: OperationContext): Promise<Answer> {
  refuseBody(context)
  const source = copySourceOf(context)
  const replaces = isReplaced(context, 'x-cos-metadata-directive')
  refuseNoChange(context, source, replaces)
  const requested = storedHeaders(context)
  const attributes = copiedAttributes(context)
  const { objects } = bucketOf(context)
  const object = await openSource(context, source)
  try {
    const { record } = object
    refuseTooLarge(record.size, 'Copy larger objects in parts.')
    await checkOverwrite(context, objects)
    const headers = replaces ? requested : copiedHeaders(record.headers, requested)
    const own = await objects.numbered({ key: context.address.key, lastModified: context.now })
    const text = copyWhole(context, object, { ...own, headers, ...attributes(record) })
    // `Exchange.send` reports a failure; until it does, Node.js must not treat the rejection as unhandled.
    text.catch(() => undefined)
    return {
      status: 200,
      headers: {
        'x-cos-hash-crc64ecma': record.crc64,
        ...storedVersionHeaders(own),
        ...sourceVersion(context, source),
        ...encryptionHeaders(headers),
      },
      body: { kind: 'late-xml', text },
    }
  } catch (error) {
    await object.close()
    throw error
  }
}

/** Always closes the source. */
async function copyWhole(
  context: OperationContext,
  object: OpenObject,
  said: Omit<ObjectRecord, 'size' | 'etag' | 'crc64'>,
): Promise<string> {
  const copy = await receiveCopy(context, object, [0, object.record.size - 1], false, async (body) => {
    checkCopy(object.record, body)
    const record = { ...said, etag: body.md5.toString('hex'), crc64: body.crc64.toString() }
    return bucketOf(context).objects.put(body, record, { forbidOverwrite: forbidsOverwrite(context) })
  })
  return element('CopyObjectResult', [
    element('ETag', `"${copy.etag}"`),
    element('CRC64', copy.crc64),
    element('LastModified', new Date(copy.lastModified).toISOString()),
    copy.versionId === undefined ? undefined : element('VersionId', copy.versionId),
  ])
}

/** S3 returns the version that was copied. */
function sourceVersion(
  { dialect }: OperationContext,
  { versionId }: CopySource,
): Readonly<Record<string, string>> {
  return dialect === 's3' && versionId !== undefined ? { 'x-cos-copy-source-version-id': versionId } : {}
}

/** Ensures that a damaged source does not become an apparently sound copy. */
function checkCopy(source: ObjectRecord, body: ReceivedBody): void {
  if (body.size === source.size && body.crc64.toString() === source.crc64) return
  throw new Error('The object to copy from is damaged: its bytes have another CRC-64 than was stored.')
}

/** https://cloud.tencent.com/document/product/436/8287 */
export async function uploadPartCopy(context: OperationContext): Promise<Answer> {
  refuseBody(context)
  refuseMixedConditions(context)
  const { uploads } = bucketOf(context)
  const { key, query } = context.address
  const partNumber = parsePartNumber(query.get('partnumber') ?? '')
  const upload = await uploads.get(key, uploadIdOf(context))
  const source = copySourceOf(context)
  const object = await openSource(context, source)
  let range: readonly [start: number, end: number]
  try {
    range = sourceRange(context, object.record)
    refuseTooLarge(range[1] - range[0] + 1, 'Name a smaller range.')
  } catch (error) {
    await object.close()
    throw error
  }
  const part = await receiveCopy(context, object, range, true, async (body) =>
    uploads.addPart(upload, partNumber, body, context.now),
  )
  return xmlAnswer(
    xmlDeclaration +
      element('CopyPartResult', [
        element('ETag', `"${part.etag}"`),
        element('LastModified', new Date(context.now).toISOString()),
      ]),
    {
      'x-cos-hash-crc64ecma': part.crc64.toString(),
      ...sourceVersion(context, source),
      ...encryptionHeaders(upload.record.headers),
    },
  )
}

/** Writes the range of the source to a new file, as if a client had sent it, and closes the source. */
async function receiveCopy<Result>(
  context: OperationContext,
  object: OpenObject,
  [start, end]: readonly [start: number, end: number],
  sync: boolean,
  use: (body: ReceivedBody) => Promise<Result>,
): Promise<Result> {
  try {
    const options = { length: end - start + 1, gate: () => undefined, sync }
    return await context.storage.receive(object.read(start, end), options, use)
  } finally {
    await object.close()
  }
}

/** @throws {@link CosError} `InvalidArgument` */
function isReplaced(context: OperationContext, directive: string): boolean {
  switch (headerOf(context, directive) ?? '') {
    case '':
    case 'Copy':
      return false
    case 'Replaced':
      return true
    default:
      throw new CosError('InvalidArgument', `${directive} must be Copy or Replaced.`)
  }
}

/**
 * Returns how the copy gets its attributes: it keeps the source's tags unless the request replaces them.
 *
 * @throws {@link CosError} `InvalidArgument`, `InvalidTag`
 */
function copiedAttributes(context: OperationContext): (source: ObjectRecord) => ObjectAttributes {
  const { tags: newTags, ...requested } = requestedAttributes(context)
  const replaces = isReplaced(context, 'x-cos-tagging-directive')
  if (newTags !== undefined && !replaces) {
    throw new CosError('InvalidArgument', 'x-cos-tagging needs x-cos-tagging-directive: Replaced.')
  }
  return (source) => {
    const tags = replaces ? newTags : source.tags
    return { ...requested, ...(tags === undefined ? {} : { tags }) }
  }
}

/** "When source and destination are the same and the metadata is to be changed, it must be Replaced." */
function refuseNoChange(context: OperationContext, source: CopySource, replaces: boolean): void {
  const { bucket, key } = context.address
  // Copying an older version onto its own key is allowed: it becomes the latest.
  const same = source.bucket === bucket && source.key === key && source.versionId === undefined
  if (!same || replaces || (headerOf(context, 'x-cos-storage-class') ?? '') !== '') return
  throw new CosError(
    'InvalidRequest',
    'The copy would replace the object by itself. Say x-cos-metadata-directive: Replaced, or name another key.',
  )
}
