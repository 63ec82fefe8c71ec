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

/** A finished upload whose content was shown to be the file's. */
export interface Proof {
  readonly upload: RegisteredUpload
  readonly by: ReadonlySet<Verification>
}

/** Of a small file nothing has to be read: its MD5 is known, and its PUT was signed for no other bytes. */
export function equalByMd5({ md5 }: Fingerprint, candidates: readonly RegisteredDuplicate[]): Proof | null {
  const found = md5 === null ? undefined : candidates.find((candidate) => candidate.md5 === md5)
  return found === undefined ? null : { upload: found.upload, by: new Set(['part-md5']) }
}

/**
 * Reads the whole file and answers the first of `candidates` of which everything on record agrees: the MD5s of its
 * parts, and the CRC-64 of the whole. `null` when the file is none of them.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be had.
 *
 * @param onRead told how many bytes of the file have been read; from 0 again for parts of another size
 */
export async function equalByParts(
  hashing: Hashing,
  file: FileSource,
  candidates: readonly RegisteredDuplicate[],
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Proof | null> {
  // They are in one store, which does not change what it computes.
  const crc64Type = crc64TypeOf(candidates.find(({ upload }) => upload.crc64 !== null)?.upload ?? {})
  /** Known after the first reading; it tells most of what another reading would. */
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

/** What agrees; `null` when anything on record differs, or nothing is on record. */
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

/** Each way in which candidates were cut, once. */
function plansOf(file: FileSource, candidates: readonly RegisteredDuplicate[]): readonly PartPlan[] {
  const parts = candidates.filter(({ upload }) => upload.size === file.size && upload.mode === 'multipart')
  const plans = parts.map(({ upload }) => planOf(file, upload))
  return plans.filter((plan, index) => plans.findIndex((other) => isCutAlike(plan, other)) === index)
}

function planOf({ size }: FileSource, upload: RegisteredUpload): PartPlan {
  return planParts(size, runsOf(upload))
}

/**
 * Whether the object of a finished upload of the same identity is this very file. An identity knows of a large file
 * only samples, so the whole of it is read. Where the store has no CRC-64 that cannot be shown, and the answer is no.
 *
 * Rejects with a `TransportError` of reason `source-…` when the bytes cannot be had.
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
