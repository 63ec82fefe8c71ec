import { CosError } from '../errors.js'
import { parseBodyXml } from '../request-xml.js'
import type { ObjectEntry } from '../storage/object-index.js'
import type { ObjectRecord } from '../storage/object-record.js'
import { versionDigits, versionIdOf, type VersioningStatus } from '../storage/version-id.js'
import { childText, element, xmlDeclaration } from '../xml.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { readXmlBody } from './request-body.js'

/** https://cloud.tencent.com/document/product/436/19889: "once enabled, it can be suspended and not switched off". */
export async function putBucketVersioning(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  const root = parseBodyXml(await readXmlBody(context), 'VersioningConfiguration')
  const status = childText(root, 'Status') ?? ''
  if (!isStatus(status)) {
    throw new CosError('InvalidArgument', 'The Status of versioning must be Enabled or Suspended.')
  }
  if ((childText(root, 'MfaDelete') ?? 'Disabled') !== 'Disabled') {
    throw new CosError('NotImplemented', 'MfaDelete is not part of this store. Nothing was changed.')
  }
  await bucket.change({ versioning: status })
  return { status: 200 }
}

function isStatus(text: string): text is VersioningStatus {
  return text === 'Enabled' || text === 'Suspended'
}

/** If versioning was never enabled, the answer is an empty configuration: 436/19888. */
export async function getBucketVersioning(context: OperationContext): Promise<Answer> {
  const { versioning } = bucketOf(context).settings
  const content = versioning === undefined ? '' : [element('Status', versioning)]
  return xmlAnswer(xmlDeclaration + element('VersioningConfiguration', content))
}

/**
 * Version named in the request; `undefined` means the latest.
 *
 * @throws {@link CosError} `NoSuchVersion`; `InvalidArgument` (S3)
 */
export function requestedVersion(context: OperationContext): string | undefined {
  const text = context.address.query.get('versionid') ?? ''
  return text === '' ? undefined : namedVersion(context, text)
}

/**
 * Validates a version id. COS treats a malformed id as a version that does not exist; the tests of Tencent's
 * Python SDK expect this of `GetSymlink`.
 *
 * @throws {@link CosError} `NoSuchVersion`; `InvalidArgument` (S3)
 */
export function namedVersion({ dialect }: Pick<OperationContext, 'dialect'>, text: string): string {
  if (isVersionId(text)) return text
  throw dialect === 's3'
    ? invalidVersion()
    : new CosError('NoSuchVersion', `There is no version ${JSON.stringify(text)}. ${whereFromVersions}`)
}

/**
 * Validates a version id used as the marker of a listing.
 *
 * @throws {@link CosError} `InvalidArgument`
 */
export function markedVersion(text: string): string {
  if (isVersionId(text)) return text
  throw invalidVersion()
}

function isVersionId(text: string): boolean {
  return versionDigits(text) !== null
}

const whereFromVersions = 'Take the id from x-cos-version-id or a listing.'

function invalidVersion(): CosError {
  return new CosError('InvalidArgument', `Invalid version id specified. ${whereFromVersions}`)
}

/** Headers when reading an object, if versioning was ever enabled in the bucket. */
export function versionHeaders(
  context: OperationContext,
  record: Pick<ObjectRecord, 'versionId'>,
): Record<string, string> {
  const { versioning } = bucketOf(context).settings
  return versioning === undefined ? {} : { 'x-cos-version-id': versionIdOf(record) }
}

/**
 * Headers when storing an object: "while versioning is suspended its id is null, and x-cos-version-id is not
 * returned" (436/14690).
 */
export function storedVersionHeaders({ versionId }: Pick<ObjectRecord, 'versionId'>): Record<string, string> {
  return versionId === undefined ? {} : { 'x-cos-version-id': versionId }
}

/** Version id in listings: "empty in a bucket that never had versions" (436/31551), where S3 has `null`. */
export function listedVersionId(context: OperationContext, entry: ObjectEntry): string {
  const untold = context.dialect === 'cos' && bucketOf(context).settings.versioning === undefined
  return untold ? '' : versionIdOf(entry)
}

/** Returns the error for an object that cannot be read. "A delete marker is answered with 404" (436/7745). */
export async function noSuchObject(context: OperationContext): Promise<CosError> {
  const { key } = context.address
  const versionId = requestedVersion(context)
  const record = await bucketOf(context).objects.findVersion(key, versionId)
  if (record?.deleteMarker === true) {
    return new CosError(
      'NoSuchKey',
      `The object of the key ${key} was deleted: this version is a delete marker.`,
      {
        headers: { 'x-cos-delete-marker': 'true', 'x-cos-version-id': versionIdOf(record) },
      },
    )
  }
  if (versionId === undefined) return noSuchKey(key)
  return noSuchVersion(key, versionId)
}

export function noSuchVersion(key: string, versionId: string): CosError {
  return new CosError('NoSuchVersion', `The object of the key ${key} has no version ${versionId}.`)
}

export function noSuchKey(key: string): CosError {
  return new CosError('NoSuchKey', `There is no object of the key ${key}.`)
}
