import { unlessAborted } from '../async/unless-aborted.js'
import type { UploadBackend } from '../backend/upload-backend.js'
import type { StsBackendOptions } from './sts-options.js'
import { browserRecords } from './sts-records.js'
import { StsUploads } from './sts-uploads.js'

/**
 * An {@link UploadBackend} for applications that have only an STS endpoint: the page itself starts, lists, completes
 * and aborts its uploads at COS with temporary credentials, and records in this browser which upload belongs to which
 * file. Parts are verified, resumed and shared between tabs as with a server.
 *
 * Without a server it cannot: continue on another machine or in another browser, create links to a private bucket,
 * find duplicates, check what a page declares, limit uploads below the prefix, or clean up after pages that never
 * return (give the bucket a lifecycle rule for incomplete uploads).
 *
 * The credentials' policy has to allow `name/cos:InitiateMultipartUpload`, `name/cos:UploadPart`,
 * `name/cos:ListParts`, `name/cos:CompleteMultipartUpload`, `name/cos:AbortMultipartUpload` and `name/cos:PutObject`
 * for the keys below the prefix. Optional: `name/cos:HeadObject` checks the result of a complete whose answer was
 * lost, `name/cos:DeleteObject` removes an object that differs from the file, and `name/cos:ListMultipartUploads`
 * finds an upload that a crash left without a record.
 *
 * @throws RangeError when `expireDays` is out of its range
 * @example
 * import { createUploader } from '@carryon/client'
 * import { stsBackend } from '@carryon/client/sts'
 *
 * const backend = stsBackend({ getCredentials: '/sts', bucket: 'b-1250000000', region: 'ap-guangzhou' })
 * const { url } = await createUploader({ backend }).upload(file).done
 */
export function stsBackend(options: StsBackendOptions): UploadBackend {
  const { expireDays = 7 } = options
  if (!(expireDays >= 1 && expireDays <= 365))
    throw new RangeError(`Option expireDays is a number from 1 to 365; got ${expireDays}.`)
  const uploads = new StsUploads(options, options.records ?? browserRecords(), expireDays)
  return {
    open: (request, signal) => unlessAborted(uploads.open(request), signal),
    parts: (id, signal) => unlessAborted(uploads.parts(id), signal),
    renewAccess: (id, _partNumbers, signal) => unlessAborted(uploads.renewAccess(id), signal),
    complete: (id, request, signal) => unlessAborted(uploads.complete(id, request), signal),
    cancel: (id, signal) => unlessAborted(uploads.cancel(id), signal),
    get: (id, signal) => unlessAborted(uploads.get(id), signal),
    list: (query, signal) => unlessAborted(uploads.list(query), signal),
  }
}
