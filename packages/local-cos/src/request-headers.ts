import type { IncomingHttpHeaders } from 'node:http'
import { CosError } from './errors.js'
import type { Operation } from './routes.js'

/** COS headers that this store supports or that have no effect. Names in lower case. */
const known: ReadonlySet<string> = new Set([
  'x-cos-acl',
  'x-cos-forbid-overwrite',
  'x-cos-security-token',
  'x-cos-server-side-encryption',
  'x-cos-storage-class',
  'x-cos-traffic-limit',
  'x-ci-security-token',
])

const copySource = [
  'x-cos-copy-source',
  'x-cos-copy-source-if-match',
  'x-cos-copy-source-if-none-match',
  'x-cos-copy-source-if-modified-since',
  'x-cos-copy-source-if-unmodified-since',
]

const grants = [
  'x-cos-grant-read',
  'x-cos-grant-read-acp',
  'x-cos-grant-write-acp',
  'x-cos-grant-full-control',
]

/** Headers supported only by these operations. */
const ofOperation: Partial<Readonly<Record<Operation, readonly string[]>>> = {
  PutObject: ['x-cos-tagging', ...grants],
  PutObjectCopy: [
    ...copySource,
    'x-cos-metadata-directive',
    'x-cos-tagging',
    'x-cos-tagging-directive',
    ...grants,
  ],
  AppendObject: grants,
  PutSymlink: ['x-cos-symlink-target', ...grants],
  PutObjectACL: grants,
  PutBucket: [...grants, 'x-cos-grant-write'],
  PutBucketACL: [...grants, 'x-cos-grant-write'],
  InitiateMultipartUpload: ['x-cos-tagging', ...grants],
  UploadPartCopy: [...copySource, 'x-cos-copy-source-range'],
}

/** User metadata, headers by which Tencent's SDKs identify themselves, and meaningless ones from their tests. */
const knownPrefix = /^x-cos-(?:meta-|sdk-|test\d?$)/

const ofProtocol = /^(?:x-cos-|x-ci-|pic-operations$)/

/**
 * Refuses headers that change the meaning of a request and are not supported, such as callbacks. An allow list,
 * because an unknown header may mean anything.
 *
 * @throws {@link CosError} `NotImplemented`, `InvalidArgument`
 */
export function refuseUnsupportedHeaders(headers: IncomingHttpHeaders, operation: Operation): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || value === '') continue
    if (!ofProtocol.test(name) || known.has(name) || knownPrefix.test(name)) continue
    if (ofOperation[operation]?.includes(name) !== true) {
      throw new CosError(
        'NotImplemented',
        `The header ${name} of ${operation} is not part of this store. Nothing was stored.`,
      )
    }
  }
  if (!/^(?:Get|Head|List)/.test(operation)) refuseConditions(headers, operation)
  const acl = headers['x-cos-acl'] ?? ''
  const takesAcl = ofOperation[operation]?.includes('x-cos-grant-read') === true
  if (!takesAcl && acl !== '' && acl !== 'private' && acl !== 'default') {
    throw new CosError('NotImplemented', `Access control lists of ${operation} are not part of this store.`)
  }
  if (!/^(?:true|false|)$/i.test(String(headers['x-cos-forbid-overwrite'] ?? ''))) {
    throw new CosError('InvalidArgument', 'x-cos-forbid-overwrite must be true or false.')
  }
  const encryption = headers['x-cos-server-side-encryption'] ?? ''
  if (encryption !== '' && encryption !== 'AES256') {
    throw new CosError('NotImplemented', 'Encryption with a key of your own is not part of this store.')
  }
}

const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'] as const

/** A request that writes would ignore these, although its sender relies on them. */
function refuseConditions(headers: IncomingHttpHeaders, operation: Operation): void {
  const condition = conditions.find((name) => headers[name] !== undefined)
  if (condition !== undefined) {
    throw new CosError(
      'NotImplemented',
      `The condition ${condition} of ${operation} is not part of this store. Nothing was changed.`,
    )
  }
}

/** Headers that may appear only once: Node would silently use the first of several. */
const single: ReadonlySet<string> = new Set(['authorization', 'content-md5', 'content-type', 'host', 'range'])

function isSingle(name: string): boolean {
  return single.has(name) || name.startsWith('x-amz-')
}

/** @throws {@link CosError} `BadRequest` */
export function refuseRepeatedHeaders(rawHeaders: readonly string[]): void {
  const seen = new Set<string>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    if (isSingle(name) && seen.has(name)) {
      throw new CosError('BadRequest', `The request has two headers ${name}.`)
    }
    seen.add(name)
  }
}
