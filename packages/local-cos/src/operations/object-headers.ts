import { CosError, fileAlreadyExists } from '../errors.js'
import type { ObjectFolder } from '../storage/object-folder.js'
import type { ObjectRecord } from '../storage/object-record.js'
import { headerOf, type OperationContext } from './context.js'

const kept = [
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
  'cache-control',
  'expires',
]

/** The request's headers that are stored with the object. */
export function storedHeaders(context: OperationContext): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of kept) {
    const value = headerOf(context, name)
    if (value !== undefined && value !== '') headers[name] = value
  }
  for (const name of Object.keys(context.headers)) {
    if (name.startsWith('x-cos-meta-')) headers[name] = headerOf(context, name) ?? ''
  }
  const storageClass = headerOf(context, 'x-cos-storage-class')?.toUpperCase()
  // "Returned only when it is not STANDARD" (436/7745).
  if (storageClass !== undefined && storageClass !== 'STANDARD') headers['x-cos-storage-class'] = storageClass
  return headers
}

/** The headers of an answer about an object, but for its length. */
export function answeredHeaders(record: ObjectRecord): Record<string, string> {
  return {
    'Content-Type': 'application/octet-stream',
    ...Object.fromEntries(
      Object.entries(record.headers).map(([name, value]) => [canonicalName(name), value]),
    ),
    ETag: `"${record.etag}"`,
    'Last-Modified': new Date(record.lastModified).toUTCString(),
    'Accept-Ranges': 'bytes',
    'x-cos-hash-crc64ecma': record.crc64,
  }
}

function canonicalName(name: string): string {
  if (name.startsWith('x-cos-')) return name
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

/** Refuses what is part of the real store's writes but not of this one, rather than doing something else. */
export function refuseUnsupportedWrite(context: OperationContext): void {
  if (headerOf(context, 'x-cos-copy-source') !== undefined) {
    throw new CosError('NotImplemented', 'Copying objects is not part of this store.')
  }
  const encryption = headerOf(context, 'x-cos-server-side-encryption') ?? 'AES256'
  const customerKey = headerOf(context, 'x-cos-server-side-encryption-customer-algorithm')
  if (encryption !== 'AES256' || customerKey !== undefined) {
    throw new CosError('NotImplemented', 'Encryption with a key of your own is not part of this store.')
  }
}

/** @throws {@link CosError} `FileAlreadyExists`, early: before a body is received for nothing. */
export async function checkOverwrite(context: OperationContext, objects: ObjectFolder): Promise<void> {
  if (forbidsOverwrite(context) && (await objects.find(context.address.key)) !== null)
    throw fileAlreadyExists()
}

export function forbidsOverwrite(context: OperationContext): boolean {
  return headerOf(context, 'x-cos-forbid-overwrite')?.toLowerCase() === 'true'
}
