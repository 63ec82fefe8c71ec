import { createHash } from 'node:crypto'
import { Problem } from '../problem.js'
import type { CompleteRequest, PartRun } from '@carryon/protocol'
import type { UploadRow } from '../repository/upload-row.js'
import { runsOfRow } from '../parts/part-runs.js'
import { planOf, refusalOfRuns } from '../parts/part-plan.js'

/** The part of a complete request that the upload record keeps: enough to finish without the client. */
export interface RecordedRequest {
  readonly crc64: string | null
  /** ETags in order, some may be empty; `null` if only their digest is known, or for mode "single". */
  readonly etags: readonly string[] | null
  /** Also `null` if the request leaves out some ETags: see {@link omitsEtags}. */
  readonly etagsDigest: string | null
  readonly partRuns: readonly PartRun[] | null
  readonly name: string
  readonly type: string
}

/**
 * Validates a complete request against its upload, before the store is asked.
 *
 * @throws Problem `invalid-request` that names each invalid member.
 */
export async function checkCompleteRequest(
  upload: UploadRow,
  request: CompleteRequest,
  crc64Wanted: boolean,
): Promise<RecordedRequest> {
  const problems: { path: string; message: string }[] = []
  if (request.size !== upload.size) {
    problems.push({ path: 'size', message: `the upload was opened for ${upload.size} bytes` })
  }
  if (crc64Wanted && request.crc64 === undefined) {
    problems.push({ path: 'crc64', message: 'is required with this store' })
  }
  const { partRuns = null } = request
  const refusal = partRuns === null ? null : refusalOfRuns(upload, partRuns)
  if (refusal !== null) problems.push({ path: 'partRuns', message: refusal })
  else if (upload.mode === 'multipart') {
    const { partCount } = planOf(upload, partRuns)
    if (request.etags?.length !== partCount) {
      problems.push({ path: 'etags', message: `must have the ETags of all ${partCount} parts` })
    }
  }
  if (!crc64Wanted && request.etags?.includes('') === true) {
    problems.push({
      path: 'etags',
      message: 'must not be empty with this store: nothing else verifies a part',
    })
  }
  if (problems.length > 0) {
    throw new Problem('invalid-request', 'The request does not match this upload. The upload stays open.', {
      problems,
    })
  }
  const etags = upload.mode === 'multipart' ? (request.etags ?? null) : null
  const etagsDigest = etags === null || etags.includes('') ? null : digestOfEtags(etags)
  const { crc64 = null, name = upload.name, type = upload.type } = request
  return { crc64, etags, etagsDigest, partRuns, name, type }
}

/** Whether the request leaves out some ETags. Then only the CRC-64 of the whole object verifies those parts. */
export function omitsEtags({ mode }: Pick<UploadRow, 'mode'>, { etagsDigest }: RecordedRequest): boolean {
  return mode === 'multipart' && etagsDigest === null
}

/** Whether both declare the same content, as far as both state it. */
export function isSameContent(a: RecordedRequest, b: RecordedRequest): boolean {
  const sameEtags =
    a.etagsDigest === b.etagsDigest ||
    (a.crc64 !== null && (a.etagsDigest === null || b.etagsDigest === null))
  return a.crc64 === b.crc64 && sameEtags
}

/** Whether a request declares the content of the finished upload, as far as that is recorded. */
export function matchesDoneUpload(row: UploadRow, { size, crc64, etags }: CompleteRequest): boolean {
  if (size !== row.size) return false
  if (crc64 !== undefined && row.crc64 !== null) return crc64 === row.crc64
  // If the store returned no CRC-64, the request's was not compared with the object, but its ETags were.
  const sameCrc64 = crc64 === undefined || row.claimedCrc64 === null ? null : crc64 === row.claimedCrc64
  if (sameCrc64 === false) return false
  if (row.claimedEtags === null) return true
  if (etags?.includes('') === true) return sameCrc64 === true
  return etags !== undefined && digestOfEtags(etags) === row.claimedEtags
}

/** Column values of an upload without a complete request. */
export const noCompleteRequest = { claimedCrc64: null, claimedEtags: null, partRuns: null } as const

export function recordedRequest(upload: UploadRow): RecordedRequest {
  const { claimedCrc64, claimedEtags, name, type } = upload
  const partRuns = runsOfRow(upload)
  return { crc64: claimedCrc64, etags: null, etagsDigest: claimedEtags, partRuns, name, type }
}

/** Lower-case hex SHA-256 over the ETags in order. */
export function digestOfEtags(etags: readonly string[]): string {
  const text = etags.map((etag) => etag.replaceAll('"', '')).join('\n')
  return createHash('sha256').update(text).digest('hex')
}
