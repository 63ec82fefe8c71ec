import type { ObjectInfo } from '@carryon/object-store'
import type { UploadRow } from '../repository/upload-row.js'
import type { OpenRequest } from './open-upload.js'
import { separateFingerprint } from './separate-fingerprint.js'
import { checksumsOf } from './checksums.js'
import type { UploadServices } from './upload-services.js'

/** A finished upload that may have the content of a file about to be opened, and what proves it. */
export interface Duplicate {
  readonly upload: UploadRow
  /** Base64 MD5 of the whole content; `null` for mode "multipart". */
  readonly md5: string | null
  /** Digest of the parts' ETags in order, if these are the parts' MD5s; else `null`. */
  readonly etagsDigest: string | null
}

/** Per fingerprint; the newest are checked. */
const maxDuplicates = 5

/**
 * This owner's finished uploads of the fingerprint whose objects still match their records, newest first. Of uploads with
 * equal records only the newest is included. Other owners' uploads are never considered.
 *
 * A fingerprint is no proof: the caller compares the content with the checksums returned here.
 *
 * @throws StoreError if the store fails: then it is unknown whether the objects still exist.
 */
export async function findDuplicates(
  services: UploadServices,
  owner: string,
  request: OpenRequest,
): Promise<readonly Duplicate[]> {
  const { identity, size, md5 } = request
  const identities = [identity, separateFingerprint(request)]
  const rows = await services.repository.findDone(owner, identities, size, maxDuplicates)
  const provable = rows
    .map((row) => duplicateOf(services, row))
    .filter((duplicate) => isProvable(duplicate) && (duplicate.md5 === null || duplicate.md5 === md5))
  const objects = await Promise.all(provable.map(({ upload }) => services.store.headObject(upload.key)))
  const intact = provable.filter(({ upload }, index) => matchesRecord(upload, objects[index] ?? null))
  const seen = new Map<string, Duplicate>()
  for (const duplicate of intact) {
    const text = contentKeyOf(duplicate)
    if (!seen.has(text)) seen.set(text, duplicate)
  }
  return [...seen.values()]
}

function duplicateOf(services: UploadServices, upload: UploadRow): Duplicate {
  const { mode, md5, claimedEtags } = upload
  return {
    upload,
    md5: mode === 'single' ? md5 : null,
    etagsDigest: mode === 'multipart' && checksumsOf(services, upload).etagIsMd5 ? claimedEtags : null,
  }
}

/** Whether the record has a checksum to compare content with. */
function isProvable({ upload, md5, etagsDigest }: Duplicate): boolean {
  if (upload.url === null) return false
  return upload.mode === 'single' ? md5 !== null : etagsDigest !== null || upload.crc64 !== null
}

/** Whether the object is still as recorded: it may have been removed or replaced in the bucket since. */
function matchesRecord({ size, etag, crc64 }: UploadRow, object: ObjectInfo | null): boolean {
  if (object === null || object.size !== size || object.etag !== etag) return false
  return crc64 === null || object.crc64 === crc64
}

function contentKeyOf({ upload, md5, etagsDigest }: Duplicate): string {
  return JSON.stringify([md5, etagsDigest, upload.partSize, upload.partRuns, upload.crc64])
}
