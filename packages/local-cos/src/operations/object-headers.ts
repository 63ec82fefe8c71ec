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

/**
 * Storage classes that are only stored as a label; archive classes are separate.
 * Source: https://cloud.tencent.com/document/product/436/33417
 */
const storageClasses: ReadonlySet<string> = new Set([
  'STANDARD',
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'MAZ_STANDARD',
  'MAZ_STANDARD_IA',
  'MAZ_INTELLIGENT_TIERING',
])

/** "Names and values of the user's metadata have 2 KB together" (436/7749). In bytes. */
const maxMetadataSize = 2048
const metadataPrefix = 'x-cos-meta-'

/**
 * Returns the request headers to store with the object. Refuses values that could not be sent back, so that no
 * object is stored that cannot be read.
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
    // Header values have one character per byte.
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

/** Stored with the object and repeated in every answer about it (436/7749, 436/7746, 436/7750, 436/7742). */
const encryptionHeader = 'x-cos-server-side-encryption'

/** Encryption the bucket sets for objects stored without the header; '' for none. */
function defaultEncryption(context: OperationContext): string {
  // AES256 is the only algorithm this store accepts in such a configuration.
  return bucketOf(context).settings.encryption === undefined ? '' : 'AES256'
}

export function encryptionHeaders(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const encryption = headers[encryptionHeader]
  return encryption === undefined ? {} : { [encryptionHeader]: encryption }
}

/**
 * Headers of a copy that keeps the source's metadata. "Unless the request says so, the copy is of the class
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

/** Headers of every answer about an object, except `Content-Length`. */
export function answeredHeaders(record: ObjectRecord): Record<string, string> {
  return {
    'Content-Type': 'application/octet-stream',
    ...Object.fromEntries(
      // Cleaned again: older records may hold values stored before they were checked.
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

/** Headers for appendable objects only. */
export function appendPosition({ appendable, size }: ObjectRecord): Record<string, string> {
  if (appendable !== true) return {}
  return { 'x-cos-object-type': 'appendable', 'x-cos-next-append-position': String(size) }
}

function canonicalName(name: string): string {
  if (name.startsWith('x-cos-')) return name
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

/** @throws {@link CosError} `FileAlreadyExists`, before a body is received in vain. */
export async function checkOverwrite(context: OperationContext, objects: ObjectFolder): Promise<void> {
  if (forbidsOverwrite(context) && (await objects.find(context.address.key)) !== null)
    throw fileAlreadyExists()
}

/**
 * "Without effect in a bucket that has versions, or had" (436/7749). The S3 condition that is translated to
 * this header does apply there.
 */
export function forbidsOverwrite(context: OperationContext): boolean {
  const hasVersions = bucketOf(context).settings.versioning !== undefined
  if (hasVersions && context.dialect === 'cos') return false
  return headerOf(context, 'x-cos-forbid-overwrite')?.toLowerCase() === 'true'
}
