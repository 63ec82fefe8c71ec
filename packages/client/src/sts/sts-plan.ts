import { largestSinglePut, leastPartSize, planOpenParts, planParts, storedSizes } from '@carryon/protocol'
import type { OpenRequest, RegisteredUpload, StoredPartInfo } from '@carryon/protocol'

/** The least that COS takes for all parts but the last. Bytes. */
const MiB = 2 ** 20
/** Beyond it a lost part costs more than the requests saved. Bytes. */
const largestWish = 64 * MiB
/** Where no client decides while it sends. Bytes. */
const usualPart = 8 * MiB

/** How a new upload is cut. */
export type FirstPlan = Pick<RegisteredUpload, 'mode' | 'partSize' | 'partCount' | 'grows'>

/** The cut of a new upload: one request for a small file that was hashed, else parts as the client wishes. */
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

/** An open upload as the stored parts show that it was cut. */
export function asStored(upload: RegisteredUpload, parts: readonly StoredPartInfo[]): RegisteredUpload {
  if (upload.grows !== true || upload.mode === 'single') return upload
  const { runs, partCount } = openPlan(upload, parts)
  return { ...upload, partRuns: runs, partCount }
}

/** Whether an upload with these parts can become that of another state of its file, which has `size` bytes. */
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
