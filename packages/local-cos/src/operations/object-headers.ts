import { contentTypeOf } from './content-type.js'
import { CosError, fileAlreadyExists } from '../errors.js'
import { asHeaderValue, isHeaderValue } from '../header-values.js'
import type { ObjectFolder } from '../storage/object-folder.js'
import type { ObjectRecord } from '../storage/object-record.js'
import { isArchive } from './archives.js'
import { bucketOf, headerOf, type OperationContext } from './context.js'

const kept = [
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
  'cache-control',
  'expires',
]

/** Kept as a label, and archives besides. Source: https://cloud.tencent.com/document/product/436/33417 */
const storageClasses: ReadonlySet<string> = new Set([
  'STANDARD',
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'MAZ_STANDARD',
  'MAZ_STANDARD_IA',
  'MAZ_INTELLIGENT_TIERING',
])

/** "Names and values of the user's metadata have 2 KB together" (436/7749). Bytes. */
const maxMetadataSize = 2048
const metadataPrefix = 'x-cos-meta-'

/**
 * The request's headers that are stored with the object. What could not be answered is refused now, before there is an
 * object that nobody can read.
 *
 * @throws {@link CosError} `InvalidArgument`
 */
export function storedHeaders(context: OperationContext): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of kept) {
    const value = headerOf(context, name)
    if (value !== undefined && value !== '') headers[name] = value
  }
  const guessed = headers['content-type'] ?? contentTypeOf(context.address.key)
  if (guessed !== undefined) headers['content-type'] = guessed
  Object.assign(headers, metadataOf(context))
  const storageClass = storageClassOf(context)
  // "Returned only when it is not STANDARD" (436/7745).
  if (storageClass !== 'STANDARD') headers['x-cos-storage-class'] = storageClass
  const encryption = (headerOf(context, encryptionHeader) ?? '') || defaultEncryption(context)
  if (encryption !== '') headers[encryptionHeader] = encryption
  const broken = Object.entries(headers).find(([, value]) => !isHeaderValue(value))
  if (broken !== undefined) {
    throw new CosError('InvalidArgument', `The header ${broken[0]} holds what no header may hold.`)
  }
  return headers
}

function metadataOf(context: OperationContext): Record<string, string> {
  const metadata: Record<string, string> = {}
  let size = 0
  for (const name of Object.keys(context.headers)) {
    if (!name.startsWith(metadataPrefix)) continue
    const value = headerOf(context, name) ?? ''
    metadata[name] = value
    // One character of a header is one byte.
    size += name.length - metadataPrefix.length + value.length
  }
  if (size > maxMetadataSize) {
    throw new CosError('InvalidArgument', `The metadata has ${size} bytes, more than ${maxMetadataSize}.`)
  }
  return metadata
}

function storageClassOf(context: OperationContext): string {
  const storageClass = (headerOf(context, 'x-cos-storage-class') ?? '').toUpperCase() || 'STANDARD'
  if (!storageClasses.has(storageClass) && !isArchive(storageClass)) {
    throw new CosError('InvalidArgument', 'x-cos-storage-class is none that this store knows.')
  }
  return storageClass
}

/** Each answer about an object that was stored with it tells it again (436/7749, 436/7746, 436/7750, 436/7742). */
const encryptionHeader = 'x-cos-server-side-encryption'

/** What the bucket says of objects that come without the header; '' for nothing. */
function defaultEncryption(context: OperationContext): string {
  // AES256 is the only algorithm that such a configuration can have here.
  return bucketOf(context).settings.encryption === undefined ? '' : 'AES256'
}

export function encryptionHeaders(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const encryption = headers[encryptionHeader]
  return encryption === undefined ? {} : { [encryptionHeader]: encryption }
}

/**
 * The headers of a copy that keeps the metadata of its source. "Unless the request says so, the copy is of the class
 * STANDARD and not encrypted" (436/10881).
 */
export function copiedHeaders(
  source: Readonly<Record<string, string>>,
  requested: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = ['x-cos-storage-class', encryptionHeader]
  return Object.fromEntries([
    ...Object.entries(source).filter(([name]) => !own.includes(name)),
    ...Object.entries(requested).filter(([name]) => own.includes(name)),
  ])
}

/** The headers of an answer about an object, but for its length. */
export function answeredHeaders(record: ObjectRecord): Record<string, string> {
  return {
    'Content-Type': 'application/octet-stream',
    ...Object.fromEntries(
      // Made answerable once more, for records of times when anything was stored.
      Object.entries(record.headers).map(([name, value]) => [
        canonicalName(name),
        isHeaderValue(value) ? value : asHeaderValue(value),
      ]),
    ),
    ETag: `"${record.etag}"`,
    'Last-Modified': new Date(record.lastModified).toUTCString(),
    'Accept-Ranges': 'bytes',
    'x-cos-hash-crc64ecma': record.crc64,
    ...tagCount(record),
    ...appendPosition(record),
  }
}

function tagCount({ tags = [] }: ObjectRecord): Record<string, string> {
  return tags.length === 0 ? {} : { 'x-cos-tagging-count': String(tags.length) }
}

/** Told of objects that can be appended to, and of no others. */
export function appendPosition({ appendable, size }: ObjectRecord): Record<string, string> {
  if (appendable !== true) return {}
  return { 'x-cos-object-type': 'appendable', 'x-cos-next-append-position': String(size) }
}

function canonicalName(name: string): string {
  if (name.startsWith('x-cos-')) return name
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

/** @throws {@link CosError} `FileAlreadyExists`, early: before a body is received for nothing. */
export async function checkOverwrite(context: OperationContext, objects: ObjectFolder): Promise<void> {
  if (forbidsOverwrite(context) && (await objects.find(context.address.key)) !== null)
    throw fileAlreadyExists()
}

/** "Without effect in a bucket that has versions, or had" (436/7749); the condition of S3 that it stands for has effect. */
export function forbidsOverwrite(context: OperationContext): boolean {
  const hasVersions = bucketOf(context).settings.versioning !== undefined
  if (hasVersions && context.dialect === 'cos') return false
  return headerOf(context, 'x-cos-forbid-overwrite')?.toLowerCase() === 'true'
}
