import type { IncomingHttpHeaders } from 'node:http'
import { isUnsigned } from './authentication.js'
import { bucketVerdict, keyOf, type AuthorizedRequest } from './authorization.js'
import { isCredential, type Operation } from './routes.js'
import type { Acl } from './storage/object-record.js'
import type { Storage } from './storage/storage.js'

export const allUsers = 'http://cam.qcloud.com/groups/global/AllUsers'

/** Operations allowed by each permission on a bucket, by 436/30752. None of them reads or changes an ACL. */
const bucketRead: ReadonlySet<Operation> = new Set([
  'HeadBucket',
  'GetBucket',
  'GetBucketObjectVersions',
  'ListMultipartUploads',
])
const bucketWrite: ReadonlySet<Operation> = new Set([
  'PutObject',
  'PutObjectCopy',
  'DeleteObject',
  'InitiateMultipartUpload',
  'UploadPart',
  'UploadPartCopy',
  'CompleteMultipartUpload',
])
const objectRead: ReadonlySet<Operation> = new Set(['GetObject', 'HeadObject'])

/** Whether a request is unsigned and an ACL or the bucket policy allows the operation to anyone. */
export async function isOpenToAll(storage: Storage, request: AuthorizedRequest): Promise<boolean> {
  const { operation, address } = request
  // Overriding response headers requires a signature; otherwise anyone could change what the object appears to
  // be.
  const replaces = address.query.entries.some(([name]) => name.startsWith('response-') || isCredential(name))
  if (!isUnsigned(request) || replaces) return false
  const verdict = bucketVerdict('anyone', request, keyOf(request))
  if (verdict !== 'none') return verdict === 'allow' && !bringsAcl(request.headers)
  if (objectRead.has(operation)) {
    return isReadByAll(storage, address.bucket, address.key, address.query.get('versionid'))
  }
  const acl = storage.find(address.bucket)?.settings.acl
  if (bucketRead.has(operation)) return grantsAll(acl, 'READ')
  // Removing a version is permanent, so only the account may do it.
  const removesVersion = address.query.has('versionid')
  return (
    bucketWrite.has(operation) && !removesVersion && !bringsAcl(request.headers) && grantsAll(acl, 'WRITE')
  )
}

function bringsAcl(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name === 'x-cos-acl' || name.startsWith('x-cos-grant-'))
}

/** Whether anyone may read the object; if it does not exist, whether anyone may learn that. */
export async function isReadByAll(
  storage: Storage,
  bucket: string,
  key: string,
  versionId?: string,
): Promise<boolean> {
  const found = storage.find(bucket)
  const record = (await found?.objects.findVersion(key, versionId)) ?? null
  const acl = record?.acl
  return grantsAll(acl === undefined || acl.preset === 'default' ? found?.settings.acl : acl, 'READ')
}

function grantsAll(acl: Acl | undefined, permission: 'READ' | 'WRITE'): boolean {
  if (acl === undefined) return false
  if (acl.preset === 'public-read-write' || (acl.preset === 'public-read' && permission === 'READ'))
    return true
  return acl.grants.some(
    (grant) =>
      grant.grantee === allUsers && (grant.permission === permission || grant.permission === 'FULL_CONTROL'),
  )
}
