import type { Crc64Type } from '@carryon/hash'
import { isCutAlike, planParts } from '@carryon/protocol'
import type { PartPlan, RegisteredDuplicate, RegisteredUpload } from '@carryon/protocol'
import { crc64TypeOf, runsOf } from '../backend/upload-backend.js'
import type { FileSource } from '../ports.js'
import type { UploadResult, Verification } from '../upload-types.js'
import { sampledWhole } from './fingerprint.js'
import type { Fingerprint } from './fingerprint.js'
import { crc64OfFile, digestParts, wholeCrc64 } from './part-digests.js'
import type { Hashing } from './part-digests.js'

/** A finished upload whose content was verified to equal the file. */
export interface Proof {
  readonly upload: RegisteredUpload
  readonly by: ReadonlySet<Verification>
}

/**
 * Compares a small file without reading it: its MD5 is known, and the stored object's PUT was signed for exactly that
 * MD5.
 */
export function equalByMd5({ md5 }: Fingerprint, candidates: readonly RegisteredDuplicate[]): Proof | null {
  const found = md5 === null ? undefined : candidates.find((candidate) => candidate.md5 === md5)
  return found === undefined ? null : { upload: found.upload, by: new Set(['part-md5']) }
}

/**
 * Reads the whole file and returns the first of `candidates` whose recorded digests all match: the MD5s of its parts,
 * and the CRC-64 of the whole. `null` when none matches.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be read.
 *
 * @param onRead called with the bytes read so far; starts from 0 again when the file is read with another part plan
 */
export async function equalByParts(
  hashing: Hashing,
  file: FileSource,
  candidates: readonly RegisteredDuplicate[],
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Proof | null> {
  // All candidates are in the same store, which always computes the same CRC-64 type.
  const crc64Type = crc64TypeOf(candidates.find(({ upload }) => upload.crc64 !== null)?.upload ?? {})
  /** Known after the first reading; it rules out most candidates with other part plans. */
  let crc64: string | null = null
  for (const plan of plansOf(file, candidates)) {
    const alike = candidates.filter(({ upload }) => isCutAlike(plan, planOf(file, upload)))
    if (crc64 !== null && !alike.some(({ upload }) => upload.crc64 === null || upload.crc64 === crc64))
      continue
    const content = await readParts(hashing, file, plan, crc64Type, onRead, signal)
    crc64 = content.crc64
    for (const candidate of alike) {
      const by = agreements(candidate, content)
      if (by !== null) return { upload: candidate.upload, by }
    }
  }
  return null
}

interface Content {
  readonly crc64: string
  readonly etagsDigest: string
}

async function readParts(
  hashing: Hashing,
  file: FileSource,
  plan: PartPlan,
  crc64Type: Crc64Type,
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Content> {
  let read = 0
  onRead(read)
  const parts = await digestParts(hashing, file, plan, ['md5', crc64Type], signal, (_, { size }) => {
    read += size
    onRead(read)
  })
  const crc64 = wholeCrc64(parts, crc64Type)
  // docs/api.md, `etagsDigest`.
  const etags = new Blob([parts.map(({ md5 = '' }) => md5).join('\n')])
  const { sha256 = '' } = await hashing.hasher.hash([etags], ['sha256'], signal)
  return { crc64, etagsDigest: sha256 }
}

/** What matches; `null` when a recorded digest differs, or none is recorded. */
function agreements(
  { upload, etagsDigest }: RegisteredDuplicate,
  content: Content,
): ReadonlySet<Verification> | null {
  const by = new Set<Verification>()
  if (etagsDigest !== null && etagsDigest !== content.etagsDigest) return null
  if (upload.crc64 !== null && upload.crc64 !== content.crc64) return null
  if (etagsDigest !== null) by.add('part-md5')
  if (upload.crc64 !== null) by.add('object-crc64')
  return by.size === 0 ? null : by
}

/** The distinct part plans of the candidates. */
function plansOf(file: FileSource, candidates: readonly RegisteredDuplicate[]): readonly PartPlan[] {
  const parts = candidates.filter(({ upload }) => upload.size === file.size && upload.mode === 'multipart')
  const plans = parts.map(({ upload }) => planOf(file, upload))
  return plans.filter((plan, index) => plans.findIndex((other) => isCutAlike(plan, other)) === index)
}

function planOf({ size }: FileSource, upload: RegisteredUpload): PartPlan {
  return planParts(size, runsOf(upload))
}

/**
 * Whether the object of a finished upload with the same fingerprint has this file's content. The fingerprint of a large
 * file covers only samples, so the whole file is read. If the store has no CRC-64, this cannot be verified and the
 * result is `false`.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be read.
 */
export async function isSameContent(
  hashing: Hashing,
  file: FileSource,
  result: UploadResult,
  signal: AbortSignal,
): Promise<boolean> {
  const { size } = file
  if (result.size !== size) return false
  if (size <= sampledWhole) return true
  return (
    result.crc64 !== null && (await crc64OfFile(hashing, file, result.crc64Type, signal)) === result.crc64
  )
}
