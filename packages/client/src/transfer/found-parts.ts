import { rangeOf, sizeOf } from '@carryon/protocol'
import type { PartQueue } from './part-queue.js'
import { unquoted } from './receipt.js'
import type { Receipt } from './receipt.js'
import type { RememberedPart } from '../seams.js'
import type { Session } from '../upload/session.js'
import type { TaskGroup } from '../async/task-group.js'
import { crc64TypeOf } from '../backend/upload-backend.js'
import type { StoredPartInfo } from '@carryon/protocol'

/**
 * Compares parts that the store held at open with the file: what is equal counts, what differs goes to `queue` to
 * be sent again. Runs beside the sending.
 *
 * @param remembered what this browser knows of this very multipart upload
 * @param onFound called with the bytes of each part that proved equal
 */
export async function verifyFound(
  session: Session,
  found: readonly StoredPartInfo[],
  remembered: readonly RememberedPart[],
  queue: PartQueue,
  onFound: (bytes: number) => void,
  group: TaskGroup,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map(remembered.map((part) => [part.partNumber, part]))
  for (const part of found) {
    const leave = await session.engine.hashPlaces.enter(signal)
    const mine = known.get(part.partNumber)
    group.spawn(async (scope) => {
      const receipt = await verifyOne(session, part, mine, scope).finally(leave)
      if (receipt === null) {
        queue.putBack(part.partNumber)
        return
      }
      keep(session, part.partNumber, receipt, mine)
      onFound(receipt.size)
      queue.settle()
    })
  }
}

/** The receipt of a part whose stored content equals the file's; `null` when it differs, or nobody can tell. */
export async function verifyOne(
  {
    engine,
    file,
    plan,
    checksums,
    upload,
    verifiedBy,
  }: Pick<Session, 'engine' | 'file' | 'plan' | 'checksums' | 'upload' | 'verifiedBy'>,
  part: StoredPartInfo,
  known: RememberedPart | undefined,
  signal: AbortSignal,
): Promise<Receipt | null> {
  const { start, end } = rangeOf(plan, part.partNumber)
  const etag = unquoted(part.etag)
  const crc64Type = crc64TypeOf(upload)
  // The store lists it, or this browser saw the store confirm it for that ETag: three times cheaper than MD5.
  const seen = known?.etag === etag ? known.crc64 : ''
  const stored = (checksums.part === null ? undefined : part.crc64) ?? seen
  if (stored !== '') {
    const copied = file.known?.crc64Of(start, end, crc64Type) ?? null
    const crc64 =
      copied ?? (await engine.hasher.hash([file.slice(start, end)], [crc64Type], signal)).crc64 ?? ''
    if (crc64 !== stored) return null
    // A store that tells neither has confirmed nothing but that it is the part that was sent.
    verifiedBy.add(checksums.part === null && !checksums.etagIsMd5 ? 'size' : 'part-crc64')
    return { size: end - start, etag, crc64 }
  }
  if (!checksums.etagIsMd5) return null
  const slice = file.slice(start, end)
  const { md5, crc64 = '', size } = await engine.hasher.hash([slice], ['md5', crc64Type], signal)
  if (md5 !== etag.toLowerCase()) return null
  verifiedBy.add('part-md5')
  return { size, etag, crc64 }
}

function keep(
  { engine, receipts, upload, plan, meter, onProgress }: Session,
  partNumber: number,
  receipt: Receipt,
  known: RememberedPart | undefined,
): void {
  receipts.set(partNumber, receipt)
  meter.found(sizeOf(plan, partNumber))
  onProgress()
  // A large file has thousands of parts; what is remembered already is not written again.
  if (known?.etag === receipt.etag && known.crc64 === receipt.crc64) return
  void engine.memory.addPart(upload.identity, upload.id, {
    partNumber,
    start: rangeOf(plan, partNumber).start,
    ...receipt,
  })
}
