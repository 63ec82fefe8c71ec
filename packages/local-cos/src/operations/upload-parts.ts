import { CosError } from '../errors.js'
import { parsePartNumber } from '../storage/part-file.js'
import { element, xmlDeclaration } from '../xml.js'
import { requestedAttributes } from './attributes.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { encodedKey, encodingType, pageSize } from './listing.js'
import { checkOverwrite, encryptionHeaders, storedHeaders } from './object-headers.js'
import { ownerElement } from './owner.js'
import { checkMd5, contentLength, expectedMd5 } from './request-body.js'

/** https://cloud.tencent.com/document/product/436/7746 */
export async function initiateMultipartUpload(context: OperationContext): Promise<Answer> {
  const headers = storedHeaders(context)
  const attributes = requestedAttributes(context)
  const bucket = bucketOf(context)
  const { key } = context.address
  await checkOverwrite(context, bucket.objects)
  const { uploadId } = await bucket.uploads.create(key, headers, context.now, attributes)
  return xmlAnswer(
    xmlDeclaration +
      element('InitiateMultipartUploadResult', [
        element('Bucket', bucket.name),
        element('Key', key),
        element('UploadId', uploadId),
      ]),
    encryptionHeaders(headers),
  )
}

/** https://cloud.tencent.com/document/product/436/7750 */
export async function uploadPart(context: OperationContext): Promise<Answer> {
  const { uploads } = bucketOf(context)
  const { key, query } = context.address
  const partNumber = parsePartNumber(query.get('partnumber') ?? '')
  const upload = await uploads.get(key, uploadIdOf(context))
  const length = contentLength(context)
  const md5 = expectedMd5(context)
  const part = await context.storage.receive(
    context.body,
    { length, gate: context.bodyGate, sync: true },
    async (body) => {
      checkMd5(md5, body.md5)
      return uploads.addPart(upload, partNumber, body, context.now)
    },
  )
  return {
    status: 200,
    headers: {
      ETag: `"${part.etag}"`,
      'x-cos-hash-crc64ecma': part.crc64.toString(),
      ...encryptionHeaders(upload.record.headers),
    },
  }
}

/** https://cloud.tencent.com/document/product/436/7747 */
export async function listParts(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  const { key, query } = context.address
  const upload = await bucket.uploads.get(key, uploadIdOf(context))
  const marker = partMarker(query.get('part-number-marker'))
  const max = pageSize(context, 'max-parts')
  const after = upload.parts.filter((part) => part.partNumber > marker)
  const page = after.slice(0, max)
  const last = page.at(-1)
  const truncated = after.length > page.length
  return xmlAnswer(
    xmlDeclaration +
      element('ListPartsResult', [
        element('Bucket', bucket.name),
        encodingType(context),
        element('Key', encodedKey(context, key)),
        element('UploadId', upload.record.uploadId),
        ownerElement('Initiator', bucket.name),
        ownerElement('Owner', bucket.name),
        element('PartNumberMarker', marker),
        ...page.map((part) =>
          element('Part', [
            element('PartNumber', part.partNumber),
            element('LastModified', new Date(part.lastModified).toISOString()),
            element('ETag', `"${part.md5}"`),
            element('Size', part.size),
          ]),
        ),
        truncated && last !== undefined ? element('NextPartNumberMarker', last.partNumber) : undefined,
        element('StorageClass', upload.record.headers['x-cos-storage-class'] ?? 'STANDARD'),
        element('MaxParts', max),
        element('IsTruncated', truncated),
      ]),
  )
}

/** https://cloud.tencent.com/document/product/436/7740 */
export async function abortMultipartUpload(context: OperationContext): Promise<Answer> {
  const { uploads } = bucketOf(context)
  await uploads.abort(await uploads.get(context.address.key, uploadIdOf(context)))
  return { status: 204 }
}

export function uploadIdOf(context: OperationContext): string {
  return context.address.query.get('uploadid') ?? ''
}

function partMarker(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  if (!/^\d{1,5}$/.test(text))
    throw new CosError('InvalidArgument', 'part-number-marker must be a part number.')
  return Number(text)
}
