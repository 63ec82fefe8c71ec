import type { OpenMultipartUpload } from '@carryon/object-store'
import type { UploadOfKey } from '../repository/upload-repository.js'
import type { UploadRow } from '../repository/upload-row.js'
import type { UploadCompleter } from './complete-upload.js'
import { listPartsOrNull } from './complete-multipart.js'
import type { Deliveries } from './deliveries.js'
import { isOversize } from '../parts/largest-part.js'
import { endUpload, removeFromStore } from './end-upload.js'
import { removeRetired } from './finished-upload.js'
import { day, type UploadServices } from './upload-services.js'

/** Counts of what one sweep did. */
export interface SweepReport {
  /** Expired unfinished uploads that were ended. */
  readonly expired: number
  /** Interrupted completions that are now finished. */
  readonly completed: number
  /** Finished uploads that were removed because their retention period was over. */
  readonly retired: number
  /** Finished uploads that were delivered to the application. */
  readonly delivered: number
  /** Unfinished uploads that were ended because the store held far more bytes than the file has. */
  readonly oversize: number
  /** Ended uploads whose data is now verified to be gone from the store. */
  readonly cleaned: number
  /** Removed multipart uploads in the store that belong to no open upload. */
  readonly orphans: number
  /** Failed steps, which the next sweep tries again. */
  readonly errors: number
}

const batch = 100
/**
 * Milliseconds for which an unrecorded multipart upload may be one that a server is about to record. Recording takes
 * seconds, but the store's clock may differ from ours by as much as signatures allow.
 */
const recordingTime = 15 * 60_000

/**
 * Sweeps the upload records and the store once. Several servers may sweep at once; each step is safe to repeat.
 *
 * @param since Unix milliseconds: an earlier sweep has checked the parts of uploads that were not updated since then.
 */
export async function sweep(
  services: UploadServices,
  uploadCompleter: UploadCompleter,
  deliveries: Deliveries,
  since: number,
): Promise<SweepReport> {
  const report = {
    ...{ expired: 0, completed: 0, delivered: 0, oversize: 0, retired: 0 },
    ...{ cleaned: 0, orphans: 0, errors: 0 },
  }
  const attempt = async (what: string, step: () => Promise<void>) => {
    try {
      await step()
    } catch (error) {
      report.errors += 1
      services.report(what, error)
    }
  }
  await attempt('completing again', () =>
    forEachRow(
      (limit) => services.repository.due.completing(limit),
      (row) =>
        attempt(`completing ${row.id} again`, async () => {
          if (uploadCompleter.isRunning(row.id)) return
          const current = await uploadCompleter.resume(row)
          if (current.state === 'done') report.completed += 1
        }),
    ),
  )
  await attempt('running onDone', async () => {
    const { delivered, failed } = await deliveries.runDue()
    report.delivered += delivered
    report.errors += failed
  })
  await attempt('ending expired uploads', () =>
    forEachRow(
      (limit) => services.repository.due.expired(services.now(), limit),
      (row) =>
        attempt(`ending the expired upload ${row.id}`, async () => {
          if ((await endUpload(services, row, 'expired')) !== undefined) report.expired += 1
        }),
    ),
  )
  await attempt('looking for uploads that are larger than they were opened for', async () => {
    for await (const row of openRowsSince(services, since)) {
      await attempt(`looking at the parts of ${row.id}`, async () => {
        const parts =
          row.uploadId === null ? null : await listPartsOrNull(services.store, row.key, row.uploadId)
        if (parts === null || !isOversize(row, parts)) return
        if ((await endUpload(services, row, 'oversize')) !== undefined) report.oversize += 1
      })
    }
  })
  const { retentionDays } = services.limits
  if (retentionDays !== null) {
    await attempt('removing what was kept long enough', () =>
      forEachRow(
        (limit) => services.repository.due.doneBefore(services.now() - retentionDays * day, limit),
        (row) =>
          attempt(`removing ${row.id}`, async () => {
            if (await removeRetired(services, row)) report.retired += 1
          }),
      ),
    )
  }
  await attempt('cleaning up', () =>
    forEachRow(
      (limit) => services.repository.due.toCleanUp(services.now(), limit),
      (row) =>
        attempt(`cleaning up after ${row.id}`, async () => {
          await removeFromStore(services, row)
          report.cleaned += 1
        }),
    ),
  )
  await attempt('looking for orphaned multipart uploads', async () => {
    for await (const multipart of removableOrphans(services)) {
      await attempt('removing an orphaned multipart upload', async () => {
        await services.store.abortMultipartUpload(multipart.key, multipart.uploadId)
        report.orphans += 1
      })
    }
  })
  return report
}

async function* openRowsSince(services: UploadServices, since: number): AsyncGenerator<UploadRow> {
  let after = ''
  for (;;) {
    const rows = await services.repository.due.openSince(since, batch, after)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

/** Works through batches until one has no new rows. Rows whose step failed appear again and are skipped. */
async function forEachRow(
  next: (limit: number) => Promise<readonly UploadRow[]>,
  step: (row: UploadRow) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>()
  for (;;) {
    const rows = (await next(batch + seen.size)).filter((row) => !seen.has(row.id))
    if (rows.length === 0) return
    for (const row of rows) {
      seen.add(row.id)
      await step(row)
    }
  }
}

interface MultipartOfRow extends OpenMultipartUpload {
  /** The upload with this key; there is at most one. */
  readonly row: UploadOfKey | undefined
}

/**
 * Multipart uploads under our prefix that belong to no open upload and never will. On S3, a client with credentials for a
 * key can create further multipart uploads under it; these are removed at once because the key is ours. Others may belong
 * to another database, so they are removed only when they are older than any upload can be.
 */
async function* removableOrphans(services: UploadServices): AsyncGenerator<OpenMultipartUpload> {
  const now = services.now()
  const old = now - services.limits.expireDays * day
  for await (const multipart of multipartsBefore(services, now - recordingTime)) {
    const isOld = multipart.initiated.getTime() <= old
    if (isOld ? !isInUse(multipart) : isSuperseded(multipart)) yield multipart
  }
}

/** Multipart uploads under our prefix, of any age, that belong to no open upload. */
export async function* listOrphans(services: UploadServices): AsyncGenerator<OpenMultipartUpload> {
  for await (const multipart of multipartsBefore(services, Infinity)) if (!isInUse(multipart)) yield multipart
}

function isInUse({ row, uploadId }: MultipartOfRow): boolean {
  return isOpen(row) && row?.uploadId === uploadId
}

/** Whether the upload with this key uses another multipart upload, or needs none any more. */
function isSuperseded({ row, uploadId }: MultipartOfRow): boolean {
  if (isOpen(row)) return row?.uploadId !== null && row?.uploadId !== uploadId
  return row?.state === 'done'
}

const isOpen = (row: UploadOfKey | undefined) => row?.state === 'open' || row?.state === 'completing'

/** Multipart uploads under our prefix that were created before that time (Unix milliseconds). */
async function* multipartsBefore(services: UploadServices, before: number): AsyncGenerator<MultipartOfRow> {
  let pending: OpenMultipartUpload[] = []
  for await (const multipart of services.store.listMultipartUploads(services.limits.keyPrefix)) {
    if (multipart.initiated.getTime() > before) continue
    pending.push(multipart)
    if (pending.length === batch) {
      yield* await withRows(services, pending)
      pending = []
    }
  }
  yield* await withRows(services, pending)
}

async function withRows(
  services: UploadServices,
  multiparts: readonly OpenMultipartUpload[],
): Promise<readonly MultipartOfRow[]> {
  const rows = await services.repository.findByKeys(multiparts.map(({ key }) => key))
  const rowOf = new Map(rows.map((row) => [row.key, row]))
  return multiparts.map((multipart) => ({ ...multipart, row: rowOf.get(multipart.key) }))
}
