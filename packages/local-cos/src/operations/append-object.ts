import { createHash } from 'node:crypto'
import { combineCrc64 } from '../digest/crc64.js'
import { CosError } from '../errors.js'
import type { ObjectRecord } from '../storage/object-record.js'
import type { ReceivedBody } from '../storage/receive-body.js'
import { requestedAttributes } from './attributes.js'
import { bucketOf, type Answer, type OperationContext } from './context.js'
import { appendPosition, forbidsOverwrite, storedHeaders } from './object-headers.js'
import { storedAnswerHeaders } from './put-object.js'
import { checkMd5, contentLength, expectedMd5, refuseTooLarge } from './request-body.js'

/** https://cloud.tencent.com/document/product/436/7741 */
export async function appendObject(context: OperationContext): Promise<Answer> {
  const position = positionOf(context)
  if (position > 0) refuseAttributes(context)
  const first = firstPiece(context)
  const { objects } = bucketOf(context)
  const { key } = context.address
  const length = contentLength(context)
  const md5 = expectedMd5(context)
  // Check before receiving a body that would be refused anyway.
  checkPosition(await objects.find(key), position, length)
  const record = await context.storage.receive(
    context.body,
    { length, gate: context.bodyGate, sync: false },
    async (body) => {
      checkMd5(md5, body.md5)
      return objects.append(key, body, (before) => {
        checkPosition(before, position, length)
        return before === null ? first(body) : longer(before, body, context.now)
      })
    },
  )
  return { status: 200, headers: { ...storedAnswerHeaders(record), ...appendPosition(record) } }
}

/** @throws {@link CosError} `InvalidArgument` */
function positionOf({ address }: OperationContext): number {
  const text = address.query.get('position') ?? ''
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new CosError(
    'InvalidArgument',
    'An append needs position, the length of the object in bytes; 0 at first.',
  )
}

/** Only the first append sets metadata and an ACL. @throws {@link CosError} `NotImplemented` */
function refuseAttributes({ headers }: OperationContext): void {
  const name = Object.keys(headers).find((header) => /^x-cos-(?:meta-|grant-|acl$)/.test(header))
  if (name === undefined) return
  throw new CosError(
    'NotImplemented',
    `A later append only adds bytes: send ${name} with the first one. Nothing was appended.`,
  )
}

/** @throws {@link CosError} `ObjectNotAppendable`, `PositionNotEqualToLength`, `EntityTooLarge` */
function checkPosition(record: ObjectRecord | null, position: number, length: number): void {
  if (record !== null && record.appendable !== true) {
    throw new CosError(
      'ObjectNotAppendable',
      'The operation is not valid for the current state of the object: it was not made by appending.',
    )
  }
  const size = record?.size ?? 0
  if (position !== size) {
    throw new CosError(
      'PositionNotEqualToLength',
      `The object has ${size} bytes, so position must be ${size}.`,
      {
        headers: { 'x-cos-next-append-position': String(size) },
      },
    )
  }
  refuseTooLarge(size + length, 'An object cannot become longer by appending.')
}

/**
 * Creates the object's record on the first append. Later appends only add bytes: metadata, class and ACL stay.
 *
 * @throws {@link CosError} `InvalidArgument` (the class does not allow appending), `NotImplemented`
 */
function firstPiece(context: OperationContext): (body: ReceivedBody) => ObjectRecord {
  const headers = storedHeaders(context)
  const attributes = requestedAttributes(context)
  const storageClass = headers['x-cos-storage-class'] ?? ''
  if (/INTELLIGENT|ARCHIVE|^MAZ/.test(storageClass)) {
    throw new CosError('InvalidArgument', `Objects of the class ${storageClass} cannot be appended to.`)
  }
  if (forbidsOverwrite(context)) {
    throw new CosError('NotImplemented', 'An append never overwrites: leave out x-cos-forbid-overwrite.')
  }
  return ({ size, md5, crc64 }) => ({
    key: context.address.key,
    size,
    etag: md5.toString('hex'),
    crc64: crc64.toString(),
    lastModified: context.now,
    headers,
    ...attributes,
    appendable: true,
  })
}

function longer(before: ObjectRecord, body: ReceivedBody, now: number): ObjectRecord {
  return {
    ...before,
    size: before.size + body.size,
    // Opaque: an MD5 of the whole object would require reading all of it at each append.
    etag: createHash('md5').update(before.etag).update(body.md5).digest('hex'),
    crc64: combineCrc64(BigInt(before.crc64), body.crc64, body.size).toString(),
    lastModified: now,
  }
}
