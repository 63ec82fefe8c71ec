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

/** Operations by the names that policies use: 436/31923. */
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
  /** The query parameter that names the sub-resource; empty for the bucket or object itself. */
  readonly parameter: string
  readonly operation: Operation
  /** Further query parameters that this operation carries out. */
  readonly takes: readonly string[]
}

const route = (
  method: string,
  parameter: string,
  operation: Operation,
  takes: readonly string[] = [],
): Route => ({ method, parameter, operation, takes })

/** Parameters of any request that say who sends it. Names in lower case. */
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

/** The answered headers that a query can replace, as `response-<name>` (436/7753). */
export const replaceableHeaders = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
] as const

const responseParameters = replaceableHeaders.map((name) => `response-${name}`)

/** They change nothing where they do not belong, so any request may have them. */
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

/** The first route whose method and parameter fit; an empty parameter always fits. */
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

/** What S3 has and COS does not document, so only S3 clients get it. */
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

/** Headers of HTTP that are sub-resources of COS, too; a condition of a policy means the header. */
const headersToo = ['origin', 'referer']

/** Whether a name is that of a query parameter that this store knows, of whatever operation. In lower case. */
export function isParameter(name: string): boolean {
  if (headersToo.includes(name)) return false
  return (
    ordinaryParameters.has(name) ||
    allRoutes.some(({ parameter, takes }) => parameter === name || takes.includes(name))
  )
}

/**
 * Whether a parameter need not be signed: those that say who sends the request, and on a signed download those that
 * only replace headers of the answer. Tencent documents adding these to a URL that is signed already (436/57420). Its SDK for
 * Python does not sign those of a list of buckets, where they can only leave some out, nor the name of the rules of
 * intelligent tiering, which have no effect and whose id must be signed.
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

/** What a request with `x-cos-copy-source` is instead (436/10881, 436/8287). */
const copies: Partial<Readonly<Record<Operation, Operation>>> = {
  PutObject: 'PutObjectCopy',
  UploadPart: 'UploadPartCopy',
}

/** Whose words a request speaks. */
export type Dialect = 'cos' | 's3'

/**
 * Which operation a request asks for. The routes are an allow list: with a parameter that is not theirs a request means
 * something that this store does not have, and must not be taken for what it would mean without.
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
