import { createHash } from 'node:crypto'
import { Problem } from '../problem.js'
import type { CompleteClaim, PartRun } from '@carryon/protocol'
import type { UploadRow } from '../repository/upload-row.js'
import { runsOfRow } from '../parts/part-runs.js'
import { planOf, refusalOfRuns } from '../parts/part-plan.js'

/** What the upload record keeps of a complete request: enough to finish without the client. */
export interface RecordedClaim {
  readonly crc64: string | null
  /** ETags in order, empty as claimed; `null` when only their digest is known, or for mode "single". */
  readonly etags: readonly string[] | null
  /** `null` also where some ETags are left to the store's list: see {@link leavesEtagsOut}. */
  readonly etagsDigest: string | null
  readonly partRuns: readonly PartRun[] | null
  readonly name: string
  readonly type: string
}

/**
 * Refuses a claim that cannot fit the upload, before the store is asked.
 *
 * @throws Problem `invalid-request` that names each member.
 */
export async function checkClaim(
  upload: UploadRow,
  claim: CompleteClaim,
  crc64Wanted: boolean,
): Promise<RecordedClaim> {
  const problems: { path: string; message: string }[] = []
  if (claim.size !== upload.size) {
    problems.push({ path: 'size', message: `the upload was opened for ${upload.size} bytes` })
  }
  if (crc64Wanted && claim.crc64 === undefined) {
    problems.push({ path: 'crc64', message: 'is required with this store' })
  }
  const { partRuns = null } = claim
  const refusal = partRuns === null ? null : refusalOfRuns(upload, partRuns)
  if (refusal !== null) problems.push({ path: 'partRuns', message: refusal })
  else if (upload.mode === 'multipart') {
    const { partCount } = planOf(upload, partRuns)
    if (claim.etags?.length !== partCount) {
      problems.push({ path: 'etags', message: `must be those of all ${partCount} parts` })
    }
  }
  if (!crc64Wanted && claim.etags?.includes('') === true) {
    problems.push({
      path: 'etags',
      message: 'must not be empty with this store: nothing else verifies a part',
    })
  }
  if (problems.length > 0) {
    throw new Problem('invalid-request', 'The claim does not fit this upload; the upload stays open.', {
      problems,
    })
  }
  const etags = upload.mode === 'multipart' ? (claim.etags ?? null) : null
  const etagsDigest = etags === null || etags.includes('') ? null : digestOfEtags(etags)
  const { crc64 = null, name = upload.name, type = upload.type } = claim
  return { crc64, etags, etagsDigest, partRuns, name, type }
}

/** Whether the store's list alone says what some of the parts are: then nothing but the CRC-64 of the whole verifies them. */
export function leavesEtagsOut({ mode }: Pick<UploadRow, 'mode'>, { etagsDigest }: RecordedClaim): boolean {
  return mode === 'multipart' && etagsDigest === null
}

/** Whether both claim the same content, as far as either says. */
export function isSameClaim(a: RecordedClaim, b: RecordedClaim): boolean {
  const sameEtags =
    a.etagsDigest === b.etagsDigest ||
    (a.crc64 !== null && (a.etagsDigest === null || b.etagsDigest === null))
  return a.crc64 === b.crc64 && sameEtags
}

/** Whether a claim is of the content that an upload was finished with, by what is on record of it. */
export function isOfDone(row: UploadRow, { size, crc64, etags }: CompleteClaim): boolean {
  if (size !== row.size) return false
  if (crc64 !== undefined && row.crc64 !== null) return crc64 === row.crc64
  // The store did not tell it: then that of the claim was not compared, and the ETags were.
  const sameCrc64 = crc64 === undefined || row.claimedCrc64 === null ? null : crc64 === row.claimedCrc64
  if (sameCrc64 === false) return false
  if (row.claimedEtags === null) return true
  if (etags?.includes('') === true) return sameCrc64 === true
  return etags !== undefined && digestOfEtags(etags) === row.claimedEtags
}

/** What is on record of a claim where there is none, or none any more. */
export const noClaim = { claimedCrc64: null, claimedEtags: null, partRuns: null } as const

export function recordedClaim(upload: UploadRow): RecordedClaim {
  const { claimedCrc64, claimedEtags, name, type } = upload
  const partRuns = runsOfRow(upload)
  return { crc64: claimedCrc64, etags: null, etagsDigest: claimedEtags, partRuns, name, type }
}

/** Lower-case hex SHA-256 over the ETags in order. */
export function digestOfEtags(etags: readonly string[]): string {
  const text = etags.map((etag) => etag.replaceAll('"', '')).join('\n')
  return createHash('sha256').update(text).digest('hex')
}
