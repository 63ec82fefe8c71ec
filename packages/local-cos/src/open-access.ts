import type { IncomingHttpHeaders } from 'node:http'
import { isUnsigned } from './authentication.js'
import { bucketVerdict, keyOf, type AuthorizedRequest } from './authorization.js'
import { isCredential, type Operation } from './routes.js'
import type { Acl } from './storage/object-record.js'
import type { Storage } from './storage/storage.js'

export const allUsers = 'http://cam.qcloud.com/groups/global/AllUsers'

/** What a permission on a bucket lets do, by 436/30752. None of them changes or reads an ACL. */
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

/** Whether a request is not signed and need not be, as an ACL or the policy of the bucket lets anyone do that. */
export async function isOpenToAll(storage: Storage, request: AuthorizedRequest): Promise<boolean> {
  const { operation, address } = request
  // What replaces headers of the answer must come with a signature: anyone could make the object say anything.
  const replaces = address.query.entries.some(([name]) => name.startsWith('response-') || isCredential(name))
  if (!isUnsigned(request) || replaces) return false
  const verdict = bucketVerdict('anyone', request, keyOf(request))
  if (verdict !== 'none') return verdict === 'allow' && !bringsAcl(request.headers)
  if (objectRead.has(operation)) {
    return isReadByAll(storage, address.bucket, address.key, address.query.get('versionid'))
  }
  const acl = storage.find(address.bucket)?.settings.acl
  if (bucketRead.has(operation)) return grantsAll(acl, 'READ')
  // A version that is removed is gone for ever, which is for the account to decide.
  const removesVersion = address.query.has('versionid')
  return (
    bucketWrite.has(operation) && !removesVersion && !bringsAcl(request.headers) && grantsAll(acl, 'WRITE')
  )
}

function bringsAcl(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name === 'x-cos-acl' || name.startsWith('x-cos-grant-'))
}

/** Whether anyone may read that object; of one that is not there, whether anyone may learn so. */
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
