import { firstIndex } from '../storage/sorted-list.js'
import { compareUtf8 } from '../storage/utf8-order.js'
import type { ObjectEntry } from '../storage/object-index.js'
import { sequenceAt, sequenceOf, versionIdOf } from '../storage/version-id.js'
import { element, xmlDeclaration } from '../xml.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { encodedKey, encodingType, keyParameter, notAfter, pageOf, pageSize } from './listing.js'
import { ownerElement } from './owner.js'
import { markedVersion, listedVersionId } from './versions.js'

/** https://cloud.tencent.com/document/product/436/31551 */
export async function listVersions(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  const prefix = keyParameter(context, 'prefix')
  const delimiter = keyParameter(context, 'delimiter')
  const keyMarker = keyParameter(context, 'key-marker')
  const idMarker = versionMarker(context, keyMarker)
  const max = pageSize(context, 'max-keys')
  const all = await bucket.objects.listVersions()
  const isPassed = passedVersions(all, keyMarker, idMarker)
  const page = pageOf(all, {
    prefix,
    delimiter,
    marker: keyMarker,
    max,
    passed: (entry, group) =>
      group === null && idMarker !== '' && entry.key === keyMarker
        ? isPassed(entry)
        : notAfter(keyMarker, entry.key, group),
  })
  const encoded = (key: string): string => encodedKey(context, key)
  const last = page.entries.findLast(({ key }) => key === page.last)
  return xmlAnswer(
    xmlDeclaration +
      element('ListVersionsResult', [
        element('Name', bucket.name),
        encodingType(context),
        element('Prefix', encoded(prefix)),
        element('KeyMarker', encoded(keyMarker)),
        element('VersionIdMarker', idMarker),
        element('MaxKeys', max),
        delimiter === '' ? undefined : element('Delimiter', encoded(delimiter)),
        element('IsTruncated', page.truncated),
        page.truncated ? element('NextKeyMarker', encoded(page.last)) : undefined,
        page.truncated && last !== undefined ? element('NextVersionIdMarker', versionIdOf(last)) : undefined,
        ...page.entries.map((entry) => versionElement(context, entry)),
        ...page.commonPrefixes.map((group) => element('CommonPrefixes', [element('Prefix', encoded(group))])),
      ]),
  )
}

/** Ignored without `key-marker`, as `upload-id-marker` is when listing uploads. */
function versionMarker({ address }: OperationContext, keyMarker: string): string {
  const text = address.query.get('version-id-marker') ?? ''
  return keyMarker === '' || text === '' ? '' : markedVersion(text)
}

/**
 * Returns whether a version of the marked key was on an earlier page: the marked version and all listed before
 * it. The marked version may have been removed or superseded since.
 */
function passedVersions(
  all: readonly ObjectEntry[],
  key: string,
  versionId: string,
): (entry: ObjectEntry) => boolean {
  let index = firstIndex(all, (entry) => compareUtf8(entry.key, key) >= 0)
  const passed = new Set<ObjectEntry>()
  for (let entry = all[index]; entry?.key === key; entry = all[++index]) {
    passed.add(entry)
    if (versionIdOf(entry) === versionId) return (candidate) => passed.has(candidate)
  }
  const sequence = sequenceAt(versionId)
  return (entry) => sequenceOf(entry) >= sequence
}

function versionElement(context: OperationContext, entry: ObjectEntry): string {
  const isObject = entry.deleteMarker !== true
  return element(isObject ? 'Version' : 'DeleteMarker', [
    element('Key', encodedKey(context, entry.key)),
    element('VersionId', listedVersionId(context, entry)),
    element('IsLatest', entry.noncurrent !== true),
    element('LastModified', new Date(entry.lastModified).toISOString()),
    ...(isObject
      ? [
          element('ETag', `"${entry.etag}"`),
          element('Size', entry.size),
          element('StorageClass', entry.storageClass),
        ]
      : []),
    ownerElement('Owner', context.address.bucket),
  ])
}
