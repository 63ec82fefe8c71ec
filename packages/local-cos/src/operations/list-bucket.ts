import { checkedKey } from '../address.js'
import { CosError } from '../errors.js'
import type { ObjectEntry } from '../storage/object-index.js'
import { element, xmlDeclaration } from '../xml.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { encodedKey, encodingType, keyParameter, notAfter, pageOf, pageSize, type Page } from './listing.js'
import { ownerElement } from './owner.js'

/** https://cloud.tencent.com/document/product/436/7734 */
export async function getBucket(context: OperationContext): Promise<Answer> {
  if (context.address.query.has('list-type')) return listObjectsV2(context)
  const marker = keyParameter(context, 'marker')
  const listed = await listObjects(context, marker)
  const { page, prefix, delimiter, max, name } = listed
  const encoded = (key: string): string => encodedKey(context, key)
  return xmlAnswer(
    xmlDeclaration +
      element('ListBucketResult', [
        element('Name', name),
        encodingType(context),
        element('Prefix', encoded(prefix)),
        element('Marker', encoded(marker)),
        element('MaxKeys', max),
        delimiter === '' ? undefined : element('Delimiter', encoded(delimiter)),
        element('IsTruncated', page.truncated),
        page.truncated ? element('NextMarker', encoded(page.last)) : undefined,
        ...entryElements(context, listed, true),
      ]),
  )
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
async function listObjectsV2(context: OperationContext): Promise<Answer> {
  const { query } = context.address
  if (query.get('list-type') !== '2') throw new CosError('InvalidArgument', 'list-type can only be 2.')
  const startAfter = keyParameter(context, 'start-after')
  const token = query.get('continuation-token')
  // "StartAfter is ignored with a continuation token."
  const marker = token === undefined ? startAfter : markerOf(token)
  const listed = await listObjects(context, marker)
  const { page, prefix, delimiter, max, name } = listed
  const encoded = (key: string): string => encodedKey(context, key)
  return xmlAnswer(
    xmlDeclaration +
      element('ListBucketResult', [
        element('Name', name),
        encodingType(context),
        element('Prefix', encoded(prefix)),
        startAfter === '' ? undefined : element('StartAfter', encoded(startAfter)),
        token === undefined ? undefined : element('ContinuationToken', token),
        page.truncated ? element('NextContinuationToken', tokenOf(page.last)) : undefined,
        element('KeyCount', page.entries.length + page.commonPrefixes.length),
        element('MaxKeys', max),
        delimiter === '' ? undefined : element('Delimiter', encoded(delimiter)),
        element('IsTruncated', page.truncated),
        ...entryElements(context, listed, query.get('fetch-owner') === 'true'),
      ]),
  )
}

/** Continuation token, opaque to the client: the last key or common prefix of the previous page. */
function tokenOf(marker: string): string {
  return Buffer.from(marker).toString('base64url')
}

/** @throws {@link CosError} `InvalidArgument` */
function markerOf(token: string): string {
  const marker = Buffer.from(token, 'base64url').toString()
  if (marker === '' || tokenOf(marker) !== token) {
    throw new CosError('InvalidArgument', 'The continuation token provided is incorrect')
  }
  return checkedKey(marker)
}

interface Listed {
  readonly name: string
  readonly page: Page<ObjectEntry>
  readonly prefix: string
  readonly delimiter: string
  readonly max: number
}

async function listObjects(context: OperationContext, marker: string): Promise<Listed> {
  const bucket = bucketOf(context)
  const prefix = keyParameter(context, 'prefix')
  const delimiter = keyParameter(context, 'delimiter')
  const max = pageSize(context, 'max-keys')
  const page = pageOf(await bucket.objects.list(), {
    prefix,
    delimiter,
    marker,
    max,
    passed: (entry, group) => notAfter(marker, entry.key, group),
  })
  return { name: bucket.name, page, prefix, delimiter, max }
}

function entryElements(
  context: OperationContext,
  { name, page }: Listed,
  withOwner: boolean,
): readonly string[] {
  const encoded = (key: string): string => encodedKey(context, key)
  return [
    ...page.entries.map((entry) =>
      element('Contents', [
        element('Key', encoded(entry.key)),
        element('LastModified', new Date(entry.lastModified).toISOString()),
        element('ETag', `"${entry.etag}"`),
        element('Size', entry.size),
        withOwner ? ownerElement('Owner', name) : undefined,
        element('StorageClass', entry.storageClass),
      ]),
    ),
    ...page.commonPrefixes.map((group) => element('CommonPrefixes', [element('Prefix', encoded(group))])),
  ]
}

/** https://cloud.tencent.com/document/product/436/7736 */
export async function listMultipartUploads(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  const prefix = keyParameter(context, 'prefix')
  const delimiter = keyParameter(context, 'delimiter')
  const keyMarker = keyParameter(context, 'key-marker')
  // "Ignored without key-marker."
  const idMarker = keyMarker === '' ? '' : keyParameter(context, 'upload-id-marker')
  const max = pageSize(context, 'max-uploads')
  const page = pageOf(await bucket.uploads.list(), {
    prefix,
    delimiter,
    marker: keyMarker,
    max,
    passed: (upload, group) =>
      group === null && upload.key === keyMarker && idMarker !== ''
        ? upload.uploadId <= idMarker
        : notAfter(keyMarker, upload.key, group),
  })
  const encoded = (key: string): string => encodedKey(context, key)
  return xmlAnswer(
    xmlDeclaration +
      element('ListMultipartUploadsResult', [
        element('Bucket', bucket.name),
        encodingType(context),
        element('KeyMarker', encoded(keyMarker)),
        element('UploadIdMarker', idMarker),
        ...(page.truncated
          ? [
              element('NextKeyMarker', encoded(page.last)),
              element(
                'NextUploadIdMarker',
                page.entries.findLast(({ key }) => key === page.last)?.uploadId ?? '',
              ),
            ]
          : []),
        element('MaxUploads', max),
        element('IsTruncated', page.truncated),
        element('Prefix', encoded(prefix)),
        delimiter === '' ? undefined : element('Delimiter', encoded(delimiter)),
        ...page.entries.map((upload) =>
          element('Upload', [
            element('Key', encoded(upload.key)),
            element('UploadId', upload.uploadId),
            ownerElement('Initiator', bucket.name),
            ownerElement('Owner', bucket.name),
            element('StorageClass', upload.headers['x-cos-storage-class'] ?? 'STANDARD'),
            element('Initiated', new Date(upload.initiated).toISOString()),
          ]),
        ),
        ...page.commonPrefixes.map((group) => element('CommonPrefixes', [element('Prefix', encoded(group))])),
      ]),
  )
}
