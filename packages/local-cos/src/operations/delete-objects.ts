import { CosError } from '../errors.js'
import { parseBodyXml } from '../request-xml.js'
import type { ObjectRecord } from '../storage/object-record.js'
import { versionIdOf } from '../storage/version-id.js'
import { childText, element, xmlDeclaration } from '../xml.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { readXmlBody } from './request-body.js'
import { namedVersion, requestedVersion } from './versions.js'

/**
 * https://cloud.tencent.com/document/product/436/7743: also answers 204 for a missing key. In a bucket with
 * versioning, a delete without a version id adds a delete marker; with one, that version or delete marker is
 * removed for good.
 */
export async function deleteObject(context: OperationContext): Promise<Answer> {
  const versionId = requestedVersion(context)
  const { key } = context.address
  const gone = await remove(context, key, versionId)
  const ofVersion = versionId ?? (gone?.deleteMarker === true ? versionIdOf(gone) : undefined)
  return {
    status: 204,
    headers: {
      ...(ofVersion === undefined ? {} : { 'x-cos-version-id': ofVersion }),
      ...(gone?.deleteMarker === true ? { 'x-cos-delete-marker': 'true' } : {}),
    },
  }
}

/** Returns the new delete marker, or the record that was removed. */
async function remove(
  context: OperationContext,
  key: string,
  versionId: string | undefined,
): Promise<ObjectRecord | null> {
  const { objects } = bucketOf(context)
  return versionId === undefined ? objects.remove(key, context.now) : objects.removeVersion(key, versionId)
}

const maxKeys = 1000

/** https://cloud.tencent.com/document/product/436/8289 */
export async function deleteMultipleObjects(context: OperationContext): Promise<Answer> {
  bucketOf(context)
  const root = parseBodyXml(await readXmlBody(context), 'Delete')
  const wanted = root.children
    .filter(({ name }) => name === 'Object')
    .map((object) => ({
      key: childText(object, 'Key') ?? '',
      versionId: childText(object, 'VersionId') || undefined,
    }))
  if (wanted.length === 0 || wanted.length > maxKeys || wanted.some(({ key }) => key === '')) {
    throw new CosError('MalformedXML', `Name 1 to ${maxKeys} keys to delete.`)
  }
  const quiet = childText(root, 'Quiet') === 'true'
  const results: string[] = []
  for (const { key, versionId } of wanted) {
    const named = [element('Key', key), versionId === undefined ? undefined : element('VersionId', versionId)]
    try {
      if (!context.mayDelete(key)) throw new CosError('AccessDenied', 'Access Denied.')
      const gone = await remove(
        context,
        key,
        versionId === undefined ? undefined : namedVersion(context, versionId),
      )
      if (!quiet) results.push(element('Deleted', [...named, ...markerElements(gone)]))
    } catch (error) {
      if (!(error instanceof CosError)) throw error
      results.push(
        element('Error', [...named, element('Code', error.code), element('Message', error.message)]),
      )
    }
  }
  return xmlAnswer(xmlDeclaration + element('DeleteResult', results))
}

/** Reports a delete marker that was created or removed. */
function markerElements(gone: ObjectRecord | null): readonly string[] {
  if (gone?.deleteMarker !== true) return []
  return [element('DeleteMarker', true), element('DeleteMarkerVersionId', versionIdOf(gone))]
}
