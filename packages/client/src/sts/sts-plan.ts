import { largestSinglePut, leastPartSize, planOpenParts, planParts, storedSizes } from '@carryon/protocol'
import type { OpenRequest, RegisteredUpload, StoredPartInfo } from '@carryon/protocol'

/** Bytes. Least size that COS accepts for all parts but the last. */
const MiB = 2 ** 20
/** Bytes. Losing a larger part costs more than its saved requests. */
const largestWish = 64 * MiB
/** Bytes. Default where the client does not choose sizes while sending. */
const usualPart = 8 * MiB

/** How a new upload is divided into parts. */
export type FirstPlan = Pick<RegisteredUpload, 'mode' | 'partSize' | 'partCount' | 'grows'>

/** The plan of a new upload: one request for a small file with a known MD5, otherwise parts of the requested size. */
export function firstPlan({ size, md5, partSize: wish = usualPart, grows }: OpenRequest): FirstPlan {
  if (md5 !== undefined && size <= largestSinglePut)
    return { mode: 'single', partSize: Math.max(1, size), partCount: 1 }
  if (grows === true) {
    const { partCount } = openPlan({ size, partSize: MiB }, [])
    return { mode: 'multipart', partSize: MiB, partCount, grows: true }
  }
  const wished = Math.min(largestWish, Math.max(MiB, Math.ceil(wish / MiB) * MiB))
  const partSize = Math.max(wished, Math.ceil(leastPartSize(size, 0) / MiB) * MiB)
  return { mode: 'multipart', partSize, partCount: planParts(size, partSize).partCount }
}

/** An open upload with the part sizes that the stored parts show. */
export function asStored(upload: RegisteredUpload, parts: readonly StoredPartInfo[]): RegisteredUpload {
  if (upload.grows !== true || upload.mode === 'single') return upload
  const { runs, partCount } = openPlan(upload, parts)
  return { ...upload, partRuns: runs, partCount }
}

/** Whether an upload with these parts can continue for a changed version of its file that has `size` bytes. */
export function canContinue(
  upload: RegisteredUpload,
  parts: readonly StoredPartInfo[],
  size: number,
): boolean {
  const last = parts.at(-1)
  if (upload.state !== 'open' || upload.mode !== 'multipart' || last === undefined) return false
  if (parts.reduce((bytes, part) => bytes + part.size, 0) > 2 * size) return false
  if (upload.grows !== true && upload.partSize < leastPartSize(size, 0)) return false
  const { partSize } = upload
  const plan = upload.grows === true ? openPlan({ size, partSize }, parts) : planParts(size, partSize)
  return last.partNumber <= plan.partCount
}

function openPlan(
  { size, partSize }: Pick<RegisteredUpload, 'size' | 'partSize'>,
  parts: readonly StoredPartInfo[],
) {
  const { runs, fixed } = storedSizes(size, partSize, parts)
  return planOpenParts(size, runs, fixed)
}
