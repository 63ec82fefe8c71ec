import { largestSinglePut } from '@carryon/protocol'
import { firstParts } from '../parts/part-plan.js'
import type { UploadRow } from '../repository/upload-row.js'
import { noCompleteRequest } from './complete-request.js'
import type { ObjectPlan } from './decide-open.js'
import { noCourse } from './found-parts.js'
import { randomId } from './object-key.js'
import type { Caller } from './open-quota.js'
import type { OpenRequest } from './open-upload.js'
import { expiryFrom, type UploadServices } from './upload-services.js'

/** Headers that a page may send with a small file. */
const pageHeaders: ReadonlySet<string> = new Set(['contentType', 'contentDisposition'])

/** The record of a new upload: open, and not yet started in the store. */
export function newRow(
  services: UploadServices,
  { owner, address, context = null }: Caller,
  request: OpenRequest,
  object: ObjectPlan,
): UploadRow {
  const { store, limits } = services
  const { objectChecksum, partChecksum } = store.capabilities
  const now = services.now()
  const { metadata = {} } = request
  const hasMetadata = Object.keys(metadata).length > 0
  // The server sends other headers itself when it starts a multipart upload. A page could only send them if the bucket's
  // CORS rules allowed them.
  const isPlain = !hasMetadata && Object.keys(object.headers ?? {}).every((name) => pageHeaders.has(name))
  const single = request.md5 !== undefined && request.size <= largestSinglePut && isPlain
  const first = firstParts(request.size, store.capabilities, request.partSize, request.grows)
  return {
    id: randomId(),
    owner,
    address,
    identity: request.identity,
    md5: single ? (request.md5 ?? null) : null,
    name: request.name,
    size: request.size,
    type: request.type,
    key: object.key,
    uploadId: null,
    mode: single ? 'single' : 'multipart',
    ...first,
    ...(single && { partCount: 1, grows: 0 }),
    state: 'open',
    failure: null,
    crc64Type: objectChecksum ?? partChecksum ?? 'crc64ecma',
    ...noCompleteRequest,
    cleanupAt: null,
    createdAt: now,
    updatedAt: now,
    expiresAt: expiryFrom(now, limits),
    finishedAt: null,
    url: null,
    crc64: null,
    etag: null,
    metadata: hasMetadata ? JSON.stringify(metadata) : null,
    context,
    objectHeaders: object.headers === null ? null : JSON.stringify(object.headers),
    deliveryAt: null,
    deliveryAttempts: 0,
    result: null,
    refusal: null,
    ...noCourse,
  }
}
