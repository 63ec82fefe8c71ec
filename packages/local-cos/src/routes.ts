import type { IncomingHttpHeaders } from 'node:http'
import type { Address } from './address.js'
import { CosError } from './errors.js'
import { keptConfiguration, keptNames, type KeptName, type KeptOperation } from './kept-configurations.js'
import {
  listedConfiguration,
  listedNames,
  type ListedName,
  type ListedOperation,
} from './listed-configurations.js'

/** Operations, named as in policies (436/31923). */
export type Operation =
  | 'GetService'
  | 'HeadBucket'
  | 'PutBucket'
  | 'DeleteBucket'
  | 'GetBucket'
  | 'GetBucketLocation'
  | 'PutBucketVersioning'
  | 'GetBucketVersioning'
  | 'GetBucketObjectVersions'
  | 'PutBucketCORS'
  | 'GetBucketCORS'
  | 'DeleteBucketCORS'
  | 'PutBucketLifecycle'
  | 'GetBucketLifecycle'
  | 'DeleteBucketLifecycle'
  | 'PutBucketACL'
  | 'GetBucketACL'
  | 'PutBucketTagging'
  | 'GetBucketTagging'
  | 'DeleteBucketTagging'
  | 'PutBucketPolicy'
  | 'GetBucketPolicy'
  | 'DeleteBucketPolicy'
  | KeptOperation
  | ListedOperation
  | 'ListMultipartUploads'
  | 'DeleteMultipleObjects'
  | 'PutObject'
  | 'PutObjectCopy'
  | 'PostObject'
  | 'GetObject'
  | 'HeadObject'
  | 'AppendObject'
  | 'PostObjectRestore'
  | 'DeleteObject'
  | 'PutObjectACL'
  | 'GetObjectACL'
  | 'PutObjectTagging'
  | 'GetObjectTagging'
  | 'DeleteObjectTagging'
  | 'PutSymlink'
  | 'GetSymlink'
  | 'InitiateMultipartUpload'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'

interface Route {
  readonly method: string
  /** Query parameter that names the sub-resource; empty for the bucket or object itself. */
  readonly parameter: string
  readonly operation: Operation
  /** Other query parameters that this operation supports. */
  readonly takes: readonly string[]
}

const route = (
  method: string,
  parameter: string,
  operation: Operation,
  takes: readonly string[] = [],
): Route => ({ method, parameter, operation, takes })

/** Parameters that carry credentials, allowed on any request. Names in lower case. */
const credentialParameters: ReadonlySet<string> = new Set([
  'q-sign-algorithm',
  'q-ak',
  'q-sign-time',
  'q-key-time',
  'q-header-list',
  'q-url-param-list',
  'q-signature',
  'sign',
  'x-cos-security-token',
  'x-ci-security-token',
])

export function isCredential(name: string): boolean {
  return credentialParameters.has(name)
}

/** Response headers that a query can override as `response-<name>` (436/7753). */
export const replaceableHeaders = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
] as const

const responseParameters = replaceableHeaders.map((name) => `response-${name}`)

/** Any request may have these: where they do not apply, they have no effect. */
const ordinaryParameters: ReadonlySet<string> = new Set([...credentialParameters, ...responseParameters])
const listing = ['prefix', 'delimiter', 'encoding-type']

const serviceParameters = ['region', 'marker', 'max-keys', 'range', 'create-time', 'tagkey', 'tagvalue']

const serviceRoutes: readonly Route[] = [route('GET', '', 'GetService', serviceParameters)]

function keptRoutes(name: KeptName): readonly Route[] {
  const { parameter, mayBeDeleted } = keptConfiguration(name)
  return [
    route('GET', parameter, `GetBucket${name}`),
    route('PUT', parameter, `PutBucket${name}`),
    ...(mayBeDeleted ? [route('DELETE', parameter, `DeleteBucket${name}`)] : []),
  ]
}

function listedRoutes(name: ListedName): readonly Route[] {
  const { parameter, mayBePosted, mayBeDeleted } = listedConfiguration(name)
  return [
    route('GET', parameter, `GetBucket${name}`, ['id', 'continuation-token']),
    route('PUT', parameter, `PutBucket${name}`, ['id']),
    ...(mayBePosted ? [route('POST', parameter, `PostBucket${name}`, ['id'])] : []),
    ...(mayBeDeleted ? [route('DELETE', parameter, `DeleteBucket${name}`, ['id'])] : []),
  ]
}

/** The first route with a matching method and parameter is used; an empty parameter always matches. */
const bucketRoutes: readonly Route[] = [
  route('GET', 'uploads', 'ListMultipartUploads', [
    ...listing,
    'key-marker',
    'upload-id-marker',
    'max-uploads',
  ]),
  route('GET', 'cors', 'GetBucketCORS'),
  route('PUT', 'cors', 'PutBucketCORS'),
  route('DELETE', 'cors', 'DeleteBucketCORS'),
  route('GET', 'lifecycle', 'GetBucketLifecycle'),
  route('PUT', 'lifecycle', 'PutBucketLifecycle'),
  route('DELETE', 'lifecycle', 'DeleteBucketLifecycle'),
  route('GET', 'location', 'GetBucketLocation'),
  route('GET', 'acl', 'GetBucketACL'),
  route('PUT', 'acl', 'PutBucketACL'),
  route('GET', 'tagging', 'GetBucketTagging'),
  route('PUT', 'tagging', 'PutBucketTagging'),
  route('DELETE', 'tagging', 'DeleteBucketTagging'),
  route('GET', 'policy', 'GetBucketPolicy'),
  route('PUT', 'policy', 'PutBucketPolicy'),
  route('DELETE', 'policy', 'DeleteBucketPolicy'),
  ...keptNames.flatMap(keptRoutes),
  ...listedNames.flatMap(listedRoutes),
  route('GET', 'versioning', 'GetBucketVersioning'),
  route('PUT', 'versioning', 'PutBucketVersioning'),
  route('GET', 'versions', 'GetBucketObjectVersions', [
    ...listing,
    'key-marker',
    'version-id-marker',
    'max-keys',
  ]),
  route('POST', 'delete', 'DeleteMultipleObjects'),
  route('GET', '', 'GetBucket', [...listing, 'marker', 'max-keys']),
  route('HEAD', '', 'HeadBucket'),
  route('PUT', '', 'PutBucket'),
  route('DELETE', '', 'DeleteBucket'),
]

/** Routes of S3 that COS does not document; for S3 clients only. */
const s3BucketRoutes: readonly Route[] = [
  route('GET', 'list-type', 'GetBucket', [
    ...listing,
    'continuation-token',
    'start-after',
    'fetch-owner',
    'max-keys',
  ]),
]

const limit = ['x-cos-traffic-limit']
const version = ['versionid']

const objectRoutes: readonly Route[] = [
  route('POST', 'uploads', 'InitiateMultipartUpload'),
  route('POST', 'append', 'AppendObject', ['position', ...limit]),
  route('PUT', 'partnumber', 'UploadPart', ['uploadid', ...limit]),
  route('PUT', 'uploadid', 'UploadPart', limit),
  route('GET', 'uploadid', 'ListParts', ['encoding-type', 'max-parts', 'part-number-marker']),
  route('POST', 'uploadid', 'CompleteMultipartUpload'),
  route('DELETE', 'uploadid', 'AbortMultipartUpload'),
  route('POST', 'restore', 'PostObjectRestore', version),
  route('GET', 'acl', 'GetObjectACL', version),
  route('PUT', 'acl', 'PutObjectACL', version),
  route('GET', 'tagging', 'GetObjectTagging', version),
  route('PUT', 'tagging', 'PutObjectTagging', version),
  route('DELETE', 'tagging', 'DeleteObjectTagging', version),
  route('GET', 'symlink', 'GetSymlink', version),
  route('PUT', 'symlink', 'PutSymlink'),
  route('PUT', '', 'PutObject', limit),
  route('GET', '', 'GetObject', [...limit, ...version]),
  route('HEAD', '', 'HeadObject', version),
  route('DELETE', '', 'DeleteObject', version),
]

const allRoutes = [...serviceRoutes, ...s3BucketRoutes, ...bucketRoutes, ...objectRoutes]

/** These HTTP headers are also parameters of COS; a policy condition means the header. */
const headersToo = ['origin', 'referer', 'range']

/** Whether `name`, in lower case, is a query parameter that any operation of this store supports. */
export function isParameter(name: string): boolean {
  if (headersToo.includes(name)) return false
  return (
    ordinaryParameters.has(name) ||
    allRoutes.some(({ parameter, takes }) => parameter === name || takes.includes(name))
  )
}

/**
 * Whether a parameter may be left unsigned: credentials, and on a signed download those that only override
 * response headers. Tencent documents adding these to an already signed URL (436/57420). Tencent's Python SDK
 * does not sign the parameters of a bucket list, which only narrow the result, nor the parameter that names
 * intelligent tiering rules; these have no effect here, and their id must be signed.
 */
export function mayBeUnsigned(operation: Operation, name: string): boolean {
  const reads = operation === 'GetObject' || operation === 'HeadObject'
  return (
    credentialParameters.has(name) ||
    (reads && responseParameters.includes(name)) ||
    (operation === 'GetService' && serviceParameters.includes(name)) ||
    (operation.endsWith('BucketIntelligentTieringConfiguration') && name === 'intelligent-tiering')
  )
}

const formContentType = /^multipart\/form-data\s*(?:;|$)/i

/** A form posted to the bucket itself (436/14690). */
const formRoute = route('POST', '', 'PostObject')

/** Operations that become a copy when the request has `x-cos-copy-source` (436/10881, 436/8287). */
const copies: Partial<Readonly<Record<Operation, Operation>>> = {
  PutObject: 'PutObjectCopy',
  UploadPart: 'UploadPartCopy',
}

/** Which API a request uses. */
export type Dialect = 'cos' | 's3'

/**
 * Finds the operation a request asks for. The routes are an allow list: a request with any other parameter asks
 * for something this store lacks, and must not be handled as if the parameter were absent.
 *
 * @throws {@link CosError} `NotImplemented`, `MethodNotAllowed`, `InvalidURI`
 */
export function findOperation(
  method: string,
  address: Address,
  headers: IncomingHttpHeaders,
  dialect: Dialect = 'cos',
): Operation {
  const found = routesOf(address, headers['content-type'] ?? '', dialect).find(
    (candidate) =>
      candidate.method === method && (candidate.parameter === '' || address.query.has(candidate.parameter)),
  )
  const unknown = address.query.entries.find(
    ([name]) =>
      !ordinaryParameters.has(name) && name !== found?.parameter && found?.takes.includes(name) !== true,
  )
  if (unknown !== undefined) {
    throw new CosError(
      'NotImplemented',
      `${method} with the parameter ${JSON.stringify(unknown[0])} is not part of this store. Nothing was done.`,
    )
  }
  if (found === undefined) {
    throw new CosError('MethodNotAllowed', `${method} is not possible on this resource.`)
  }
  const copy = headers['x-cos-copy-source'] === undefined ? undefined : copies[found.operation]
  return copy ?? found.operation
}

function routesOf({ bucket, key, path }: Address, contentType: string, dialect: Dialect): readonly Route[] {
  if (bucket === '') {
    if (path !== '/') throw new CosError('InvalidURI', 'The path names no bucket.')
    return serviceRoutes
  }
  if (key !== '') return objectRoutes
  if (dialect === 's3') return [...s3BucketRoutes, ...bucketRoutes]
  return formContentType.test(contentType) ? [...bucketRoutes, formRoute] : bucketRoutes
}
