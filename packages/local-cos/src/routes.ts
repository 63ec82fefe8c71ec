import type { Address } from './address.js'
import { CosError } from './errors.js'

/** Operations by the names that policies use: 436/31923. */
export type Operation =
  | 'GetService'
  | 'HeadBucket'
  | 'PutBucket'
  | 'DeleteBucket'
  | 'GetBucket'
  | 'GetBucketVersioning'
  | 'PutBucketCORS'
  | 'GetBucketCORS'
  | 'DeleteBucketCORS'
  | 'PutBucketLifecycle'
  | 'GetBucketLifecycle'
  | 'DeleteBucketLifecycle'
  | 'ListMultipartUploads'
  | 'DeleteMultipleObjects'
  | 'PutObject'
  | 'PostObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'InitiateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'

interface Route {
  readonly method: string
  readonly parameter: string
  readonly operation: Operation
}

const route = (method: string, parameter: string, operation: Operation): Route => ({
  method,
  parameter,
  operation,
})

/** The first route whose method and query parameter fit; an empty parameter always fits. */
const bucketRoutes: readonly Route[] = [
  route('GET', 'uploads', 'ListMultipartUploads'),
  route('GET', 'cors', 'GetBucketCORS'),
  route('PUT', 'cors', 'PutBucketCORS'),
  route('DELETE', 'cors', 'DeleteBucketCORS'),
  route('GET', 'lifecycle', 'GetBucketLifecycle'),
  route('PUT', 'lifecycle', 'PutBucketLifecycle'),
  route('DELETE', 'lifecycle', 'DeleteBucketLifecycle'),
  route('GET', 'versioning', 'GetBucketVersioning'),
  route('POST', 'delete', 'DeleteMultipleObjects'),
  route('GET', '', 'GetBucket'),
  route('HEAD', '', 'HeadBucket'),
  route('PUT', '', 'PutBucket'),
  route('DELETE', '', 'DeleteBucket'),
]

const objectRoutes: readonly Route[] = [
  route('POST', 'uploads', 'InitiateMultipartUpload'),
  route('PUT', 'partnumber', 'UploadPart'),
  route('PUT', 'uploadid', 'UploadPart'),
  route('GET', 'uploadid', 'ListParts'),
  route('POST', 'uploadid', 'CompleteMultipartUpload'),
  route('DELETE', 'uploadid', 'AbortMultipartUpload'),
  route('PUT', '', 'PutObject'),
  route('GET', '', 'GetObject'),
  route('HEAD', '', 'HeadObject'),
  route('DELETE', '', 'DeleteObject'),
]

const formContentType = /^multipart\/form-data\s*(?:;|$)/i

/** A form posted to the bucket itself and not to a sub-resource of it: 436/14690. */
function isFormUpload(method: string, { query }: Address, contentType: string): boolean {
  const isSubResource = bucketRoutes.some(({ parameter }) => parameter !== '' && query.has(parameter))
  return method === 'POST' && formContentType.test(contentType) && !isSubResource
}

/** Parts of the real store's API that are not here: refused, never taken for something else. */
const unsupported = [
  'accelerate',
  'acl',
  'append',
  'domain',
  'encryption',
  'inventory',
  'logging',
  'object-lock',
  'policy',
  'referer',
  'replication',
  'restore',
  'retention',
  'tagging',
  'versions',
  'versionid',
  'website',
]

/** @throws {@link CosError} `NotImplemented`, `MethodNotAllowed` */
export function findOperation(method: string, address: Address, contentType = ''): Operation {
  const missing = [...unsupported, ...(method === 'GET' ? [] : ['versioning'])].find((parameter) =>
    address.query.has(parameter),
  )
  if (missing !== undefined) throw new CosError('NotImplemented', `${missing} is not part of this store.`)
  if (address.bucket === '') {
    if (method === 'GET') return 'GetService'
  } else {
    const routes = address.key === '' ? bucketRoutes : objectRoutes
    const found = routes.find(
      (candidate) =>
        candidate.method === method && (candidate.parameter === '' || address.query.has(candidate.parameter)),
    )
    if (found !== undefined) return found.operation
    if (address.key === '' && isFormUpload(method, address, contentType)) return 'PostObject'
  }
  throw new CosError('MethodNotAllowed', `${method} is not possible on this resource.`)
}
