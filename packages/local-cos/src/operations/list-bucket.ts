import { element, xmlDeclaration } from '../xml.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { encodedKey, encodingType, keyParameter, notAfter, pageOf, pageSize } from './listing.js'
import { ownerElement } from './owner.js'

/** https://cloud.tencent.com/document/product/436/7734 */
export async function getBucket(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  const prefix = keyParameter(context, 'prefix')
  const delimiter = keyParameter(context, 'delimiter')
  const marker = keyParameter(context, 'marker')
  const max = pageSize(context, 'max-keys')
  const page = pageOf(await bucket.objects.list(), {
    prefix,
    delimiter,
    marker,
    max,
    passed: (entry, group) => notAfter(marker, entry.key, group),
  })
  const encoded = (key: string): string => encodedKey(context, key)
  return xmlAnswer(
    xmlDeclaration +
      element('ListBucketResult', [
        element('Name', bucket.name),
        encodingType(context),
        element('Prefix', encoded(prefix)),
        element('Marker', encoded(marker)),
        element('MaxKeys', max),
        delimiter === '' ? undefined : element('Delimiter', encoded(delimiter)),
        element('IsTruncated', page.truncated),
        page.truncated ? element('NextMarker', encoded(page.last)) : undefined,
        ...page.entries.map((entry) =>
          element('Contents', [
            element('Key', encoded(entry.key)),
            element('LastModified', new Date(entry.lastModified).toISOString()),
            element('ETag', `"${entry.etag}"`),
            element('Size', entry.size),
            ownerElement('Owner', bucket.name),
            element('StorageClass', entry.storageClass),
          ]),
        ),
        ...page.commonPrefixes.map((group) => element('CommonPrefixes', [element('Prefix', encoded(group))])),
      ]),
  )
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
