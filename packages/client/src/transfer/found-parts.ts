import { rangeOf, sizeOf } from '@carryon/protocol'
import type { PartQueue } from './part-queue.js'
import { unquoted } from './uploaded-part.js'
import type { UploadedPart } from './uploaded-part.js'
import type { RememberedPart } from '../ports.js'
import type { RunContext } from './run-context.js'
import type { TaskGroup } from '../async/task-group.js'
import { crc64TypeOf } from '../backend/upload-backend.js'
import type { StoredPartInfo } from '@carryon/protocol'

/**
 * Compares the parts that the store held at open with the file: equal ones count as uploaded, different ones go to
 * `queue` to be sent again. Runs while other parts are sent.
 *
 * @param remembered parts that this browser remembers of this multipart upload
 * @param onFound called with the size of each part that equals the file
 */
export async function verifyFound(
  run: RunContext,
  found: readonly StoredPartInfo[],
  remembered: readonly RememberedPart[],
  queue: PartQueue,
  onFound: (bytes: number) => void,
  group: TaskGroup,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map(remembered.map((part) => [part.partNumber, part]))
  for (const part of found) {
    const leave = await run.context.hashLimit.acquire(signal)
    const mine = known.get(part.partNumber)
    group.spawn(async (scope) => {
      const uploadedPart = await verifyOne(run, part, mine, scope).finally(leave)
      if (uploadedPart === null) {
        queue.putBack(part.partNumber)
        return
      }
      keep(run, part.partNumber, uploadedPart, mine)
      onFound(uploadedPart.size)
      queue.settle()
    })
  }
}

/** The uploaded part if its stored content equals the file's; `null` when it differs or cannot be compared. */
export async function verifyOne(
  {
    context,
    file,
    plan,
    checksums,
    upload,
    verifiedBy,
  }: Pick<RunContext, 'context' | 'file' | 'plan' | 'checksums' | 'upload' | 'verifiedBy'>,
  part: StoredPartInfo,
  known: RememberedPart | undefined,
  signal: AbortSignal,
): Promise<UploadedPart | null> {
  const { start, end } = rangeOf(plan, part.partNumber)
  const etag = unquoted(part.etag)
  const crc64Type = crc64TypeOf(upload)
  // Prefer a CRC-64 that the store lists or confirmed to this browser for that ETag: three times cheaper than MD5.
  const seen = known?.etag === etag ? known.crc64 : ''
  const stored = (checksums.part === null ? undefined : part.crc64) ?? seen
  if (stored !== '') {
    const copied = file.known?.crc64Of(start, end, crc64Type) ?? null
    const crc64 =
      copied ?? (await context.hasher.hash([file.slice(start, end)], [crc64Type], signal)).crc64 ?? ''
    if (crc64 !== stored) return null
    // A store that reports neither CRC-64 nor MD5 has confirmed only the size.
    verifiedBy.add(checksums.part === null && !checksums.etagIsMd5 ? 'size' : 'part-crc64')
    return { size: end - start, etag, crc64 }
  }
  if (!checksums.etagIsMd5) return null
  const slice = file.slice(start, end)
  const { md5, crc64 = '', size } = await context.hasher.hash([slice], ['md5', crc64Type], signal)
  if (md5 !== etag.toLowerCase()) return null
  verifiedBy.add('part-md5')
  return { size, etag, crc64 }
}

function keep(
  { context, uploaded, upload, plan, meter, onProgress }: RunContext,
  partNumber: number,
  uploadedPart: UploadedPart,
  known: RememberedPart | undefined,
): void {
  uploaded.set(partNumber, uploadedPart)
  meter.found(sizeOf(plan, partNumber))
  onProgress()
  // A large file has thousands of parts: do not write again what is already remembered.
  if (known?.etag === uploadedPart.etag && known.crc64 === uploadedPart.crc64) return
  void context.memory.addPart(upload.identity, upload.id, {
    partNumber,
    start: rangeOf(plan, partNumber).start,
    ...uploadedPart,
  })
}
