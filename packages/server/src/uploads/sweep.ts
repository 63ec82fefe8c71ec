import type { OpenMultipartUpload } from '@carryon/object-store'
import type { UploadOfKey } from '../repository/upload-repository.js'
import type { UploadRow } from '../repository/upload-row.js'
import type { Completions } from './complete-upload.js'
import { listPartsOrNull } from './join-parts.js'
import { isOversize } from '../parts/largest-part.js'
import { endUpload, removeRemains } from './removal.js'
import { day, type UploadServices } from './upload-services.js'

/** What one sweep did. */
export interface SweepReport {
  /** Unfinished uploads whose time was over. */
  readonly expired: number
  /** Completions that a stop had cut short and that are finished now. */
  readonly completed: number
  /** Unfinished uploads of which the store held more than a file of their size can be the reason for. */
  readonly oversize: number
  /** Ended uploads of which the store is now known to hold nothing. */
  readonly cleaned: number
  /** Fragments in the store that no open upload has. */
  readonly orphans: number
  /** Steps that failed and are tried again by the next sweep. */
  readonly errors: number
}

const batch = 100
/**
 * Milliseconds for which a fragment may be one that a server has begun and is about to record. That takes seconds; the
 * store's clock may differ from ours by as much as it takes signatures of.
 */
const beginning = 15 * 60_000

/**
 * One round through upload records and store. Several servers may sweep at once; each step is safe to repeat.
 *
 * @param since Unix milliseconds: parts of uploads without a sign of life since then were looked at before.
 */
export async function sweep(services: UploadServices, completions: Completions, since: number): Promise<SweepReport> {
  const report = { expired: 0, completed: 0, oversize: 0, cleaned: 0, orphans: 0, errors: 0 }
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
      (limit) => services.repository.findCompleting(limit),
      (row) =>
        attempt(`completing ${row.id} again`, async () => {
          if (completions.isRunning(row.id)) return
          const stands = await completions.resume(row)
          if (stands.state === 'done') report.completed += 1
        }),
    ),
  )
  await attempt('ending stale uploads', () =>
    forEachRow(
      (limit) => services.repository.findExpired(services.now(), limit),
      (row) =>
        attempt(`ending the stale upload ${row.id}`, async () => {
          if ((await endUpload(services, row, 'expired')) !== undefined) report.expired += 1
        }),
    ),
  )
  await attempt('looking for uploads that are larger than they were opened for', async () => {
    for await (const row of openRowsSince(services, since)) {
      await attempt(`looking at the parts of ${row.id}`, async () => {
        const parts = row.uploadId === null ? null : await listPartsOrNull(services.store, row.key, row.uploadId)
        if (parts === null || !isOversize(row, parts)) return
        if ((await endUpload(services, row, 'oversize')) !== undefined) report.oversize += 1
      })
    }
  })
  await attempt('cleaning up', () =>
    forEachRow(
      (limit) => services.repository.findToCleanUp(services.now(), limit),
      (row) =>
        attempt(`cleaning up after ${row.id}`, async () => {
          await removeRemains(services, row)
          report.cleaned += 1
        }),
    ),
  )
  await attempt('looking for unknown fragments', async () => {
    for await (const fragment of orphans(services)) {
      await attempt('removing an unknown fragment', async () => {
        await services.store.abortMultipartUpload(fragment.key, fragment.uploadId)
        report.orphans += 1
      })
    }
  })
  return report
}

async function* openRowsSince(services: UploadServices, since: number): AsyncGenerator<UploadRow> {
  let after = ''
  for (;;) {
    const rows = await services.repository.findOpenSince(since, batch, after)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

/** Batch after batch until one brings nothing new: rows whose step fails stay, and would come again for ever. */
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

interface Fragment extends OpenMultipartUpload {
  /** Whose key it lies under; a key belongs to one upload alone. */
  readonly row: UploadOfKey | undefined
}

/**
 * Fragments under our prefix that are not, and will not be, that of an open upload. Who may write a key on S3 may also
 * begin multipart uploads of it: under a key of ours they go at once. Others may be another database's, so they go when
 * they are older than any upload may become.
 */
async function* orphans(services: UploadServices): AsyncGenerator<OpenMultipartUpload> {
  const now = services.now()
  const old = now - services.limits.expireDays * day
  for await (const fragment of fragmentsBefore(services, now - beginning)) {
    const isOld = fragment.initiated.getTime() <= old
    if (isOld ? !isClaimed(fragment) : isSpare(fragment)) yield fragment
  }
}

/** Fragments under our prefix, whenever they began, that no open upload claims. */
export async function* unknownFragments(services: UploadServices): AsyncGenerator<OpenMultipartUpload> {
  for await (const fragment of fragmentsBefore(services, Infinity)) if (!isClaimed(fragment)) yield fragment
}

function isClaimed({ row, uploadId }: Fragment): boolean {
  return isOpen(row) && row?.uploadId === uploadId
}

/** Whether its key belongs to an upload that has another multipart upload, or needs none any more. */
function isSpare({ row, uploadId }: Fragment): boolean {
  if (isOpen(row)) return row?.uploadId !== null && row?.uploadId !== uploadId
  return row?.state === 'done'
}

const isOpen = (row: UploadOfKey | undefined) => row?.state === 'open' || row?.state === 'completing'

/** Fragments under our prefix, begun before that time (Unix milliseconds). */
async function* fragmentsBefore(services: UploadServices, before: number): AsyncGenerator<Fragment> {
  let waiting: OpenMultipartUpload[] = []
  for await (const fragment of services.store.listMultipartUploads(services.limits.keyPrefix)) {
    if (fragment.initiated.getTime() > before) continue
    waiting.push(fragment)
    if (waiting.length === batch) {
      yield* await withRows(services, waiting)
      waiting = []
    }
  }
  yield* await withRows(services, waiting)
}

async function withRows(
  services: UploadServices,
  fragments: readonly OpenMultipartUpload[],
): Promise<readonly Fragment[]> {
  const rows = await services.repository.findByKeys(fragments.map(({ key }) => key))
  const rowOf = new Map(rows.map((row) => [row.key, row]))
  return fragments.map((fragment) => ({ ...fragment, row: rowOf.get(fragment.key) }))
}
