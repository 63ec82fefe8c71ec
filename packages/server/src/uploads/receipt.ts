import type { ReceiptComparison, UploadReceipt } from '@carryon/protocol'
import type { UploadRow } from '../repository/upload-row.js'
import { runsOfRow } from '../parts/part-runs.js'
import { checksumsOf } from './checksums.js'
import { noObject } from './upload-problems.js'
import type { UploadServices } from './upload-services.js'

/**
 * Makes the receipt of a finished upload from its record.
 *
 * @throws Problem `not-found` if the upload is not finished
 */
export function receiptOf(services: Pick<UploadServices, 'store'>, row: UploadRow): UploadReceipt {
  if (row.state !== 'done') throw noObject()
  const { name, size, mode, crc64, crc64Type, etag, md5, claimedEtags } = row
  const { etagIsMd5 } = checksumsOf(services, row)
  const isSingle = mode === 'single'
  return {
    carryonReceipt: 1,
    name,
    size,
    finishedAt: new Date(row.finishedAt ?? row.updatedAt).toISOString(),
    mode,
    crc64,
    crc64Type,
    md5: isSingle ? md5 : null,
    etagsDigest: !isSingle && etagIsMd5 ? claimedEtags : null,
    etag,
    parts: row.partCount,
    partRuns: runsOfRow(row) ?? [{ after: 0, partSize: row.partSize }],
    comparedBy: comparisons(row, etagIsMd5),
    resumedFrom: row.resumedBytes,
    sentAgain: row.sentAgainBytes,
  }
}

function comparisons({ mode, crc64, md5, claimedEtags }: UploadRow, etagIsMd5: boolean): ReceiptComparison[] {
  const compared: ReceiptComparison[] = []
  // A CRC-64 is recorded only if it was compared with that of the complete request.
  if (crc64 !== null) compared.push('object-crc64')
  if (mode === 'single') {
    // The store accepted only bytes with the signed MD5; where the ETag is the MD5, it was compared again.
    if (md5 !== null && etagIsMd5) compared.push('object-md5')
  } else if (claimedEtags !== null) compared.push('part-etags')
  return [...compared, 'size']
}
