import { createHash } from 'node:crypto'
import { Problem } from '../http/problem.js'
import type { PartRun } from '@carryon/protocol'
import type { UploadRow } from '../register/upload-row.js'
import { runsOfRow } from './part-runs.js'
import { planOf, refusalOfRuns } from './part-plan.js'

/** What a client says it has brought to the store. */
export interface CompleteClaim {
  /** Bytes. */
  readonly size: number
  /** CRC-64 of the whole content, unsigned decimal, of the upload's kind. */
  readonly crc64?: string | undefined
  /** Of parts 1 … partCount in order; absent for mode "single". */
  readonly etags?: readonly string[] | undefined
  /** How the file was cut; absent: all parts have the upload's `partSize`. */
  readonly partRuns?: readonly PartRun[] | undefined
}

/** A claim as the register keeps it, enough to finish without the client. */
export interface RecordedClaim {
  readonly crc64: string | null
  /** ETags in order; `null` when only their digest is known, or for mode "single". */
  readonly etags: readonly string[] | null
  readonly etagsDigest: string | null
  readonly partRuns: readonly PartRun[] | null
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
  if (problems.length > 0) {
    throw new Problem('invalid-request', 'The claim does not fit this upload; the upload stays open.', {
      problems,
    })
  }
  const etags = upload.mode === 'multipart' ? (claim.etags ?? null) : null
  return { crc64: claim.crc64 ?? null, etags, etagsDigest: etags && digestOfEtags(etags), partRuns }
}

export function recordedClaim(upload: UploadRow): RecordedClaim {
  const { claimedCrc64, claimedEtags } = upload
  return { crc64: claimedCrc64, etags: null, etagsDigest: claimedEtags, partRuns: runsOfRow(upload) }
}

/** Lower-case hex SHA-256 over the ETags in order. */
export function digestOfEtags(etags: readonly string[]): string {
  const text = etags.map((etag) => etag.replaceAll('"', '')).join('\n')
  return createHash('sha256').update(text).digest('hex')
}
