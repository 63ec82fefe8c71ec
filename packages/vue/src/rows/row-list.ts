import type { Upload, Uploader, UploadSnapshot } from '@carryon/client'
import { createFrameBatch, isActive, type PageSight, type RequestFrame } from '@carryon/view'
import { shallowRef, type ShallowRef } from 'vue'
import { groupRows, type RowGroups } from './row-groups.js'
import { totalsOf, type UploadTotals } from './totals.js'
import { createUploadRow, type UploadRow } from './upload-row.js'

/**
 * From here on the lists are redrawn once a second at most, for they flow by too fast to be read anyway; figures ten
 * times a second, for it takes a look at every row.
 */
const manyRows = 200
/** Milliseconds. */
const regroupPause = 1000
const drawPause = 100

/** Bytes per second (50 Mbit/s). On slower lines an upload takes long, and drawing for nobody is what it costs most. */
const fastLine = 6_250_000

/** Milliseconds between two looks at the totals while nobody can see the page: its title shows them. */
const hiddenPause = 10_000

interface Entry {
  readonly row: UploadRow & { readonly snapshot: ShallowRef<UploadSnapshot> }
  /** The server's, as last seen: another tab may tell it while nothing else changes. */
  id: string | null
  readonly unsubscribe: () => void
}

/** Mirrors an uploader's list into rows, once per frame at most. */
export class RowList {
  readonly groups: ShallowRef<RowGroups> = shallowRef({ open: [], done: [], asked: [] })
  readonly totals: ShallowRef<UploadTotals> = shallowRef(totalsOf([]))
  /** The server's ids of all rows that have one by now. */
  readonly ids: ShallowRef<ReadonlySet<string>> = shallowRef(new Set())

  /** Rows whose state changed in the last frame, or of which something that was stored began to be missing. */
  readonly stateChanges: ShallowRef<readonly UploadRow[]> = shallowRef([])

  readonly #uploader: Uploader
  readonly #now: () => number
  readonly #entries = new Map<Upload, Entry>()
  readonly #report: (changed: Upload | 'list') => void
  readonly #unlisten: () => void
  readonly #sight: PageSight
  /** Whose figures have moved while nobody could see them. */
  readonly #unseen = new Set<Upload>()
  #nextKey = 1
  /** Milliseconds, as `now` has them. */
  #regroupedAt = -Infinity
  #totalledAt = -Infinity
  #regroupLater: ReturnType<typeof setTimeout> | undefined
  #drawLater: ReturnType<typeof setTimeout> | undefined

  constructor(uploader: Uploader, requestFrame: RequestFrame, now: () => number, sight: PageSight) {
    this.#sight = sight
    this.#uploader = uploader
    this.#now = now
    const requestDraw: RequestFrame = (draw) => {
      if (this.#entries.size <= manyRows) requestFrame(draw)
      else this.#drawLater = setTimeout(() => requestFrame(draw), drawPause)
    }
    this.#report = createFrameBatch((changed) => this.#draw(changed), requestDraw)
    const unlisten = [
      uploader.on('change', () => this.#report('list')),
      sight.onShown(() => {
        for (const upload of this.#unseen) this.#report(upload)
        this.#unseen.clear()
      }),
    ]
    this.#unlisten = () => unlisten.forEach((stop) => stop())
    this.#draw(new Set(['list']))
  }

  stop(): void {
    this.#unlisten()
    for (const entry of this.#entries.values()) entry.unsubscribe()
    clearTimeout(this.#regroupLater)
    clearTimeout(this.#drawLater)
  }

  rows(): UploadRow[] {
    return Array.from(this.#entries.values(), ({ row }) => row)
  }

  has(upload: Upload): boolean {
    return this.#entries.has(upload)
  }

  #draw(changed: ReadonlySet<Upload | 'list'>): void {
    const idle = this.totals.value.active === 0
    const finishedBefore = idle ? this.rows().filter(isDone) : []
    const moved: UploadRow[] = []
    let regroup = changed.has('list') && this.#followList()
    for (const upload of changed) {
      const entry = upload === 'list' ? undefined : this.#entries.get(upload)
      const change = entry === undefined ? 'figures' : this.#show(entry)
      if (entry !== undefined && change === 'state') moved.push(entry.row)
      regroup ||= change !== 'figures'
    }
    const rows = this.rows()
    // Uploads begin after all was quiet: what finished before no longer counts into the percent.
    if (idle && rows.some(({ snapshot }) => isActive(snapshot.value))) {
      for (const row of finishedBefore) row.settled = true
    }
    this.totals.value = totalsOf(rows)
    this.#totalledAt = this.#now()
    if (moved.length > 0) this.stateChanges.value = moved
    if (regroup) this.#regroup()
  }

  #regroup(): void {
    const wait = this.#regroupedAt + regroupPause - this.#now()
    if (this.#entries.size > manyRows && wait > 0) {
      this.#regroupLater ??= setTimeout(() => this.#regroup(), wait)
      return
    }
    clearTimeout(this.#regroupLater)
    this.#regroupLater = undefined
    this.#regroupedAt = this.#now()
    const rows = this.rows()
    this.groups.value = groupRows(rows)
    this.ids.value = new Set(rows.flatMap(({ upload }) => upload.id ?? []))
  }

  /** @returns whether anything came or went */
  #followList(): boolean {
    const { uploads } = this.#uploader
    const before = this.#entries.size
    for (const upload of uploads) if (!this.#entries.has(upload)) this.#adopt(upload)
    const came = this.#entries.size > before
    const went = this.#entries.size > uploads.length
    if (went) this.#dropAllBut(new Set(uploads))
    return came || went
  }

  #dropAllBut(present: ReadonlySet<Upload>): void {
    for (const [upload, { unsubscribe }] of this.#entries) {
      if (present.has(upload)) continue
      unsubscribe()
      this.#unseen.delete(upload)
      this.#entries.delete(upload)
    }
  }

  #adopt(upload: Upload): void {
    const row = createUploadRow(upload, this.#nextKey++)
    this.#noteEnd(row)
    const unsubscribe = upload.on('change', (after) => {
      const isHidden = this.#sight.isHidden()
      if (isHidden && isNothingNew(row.snapshot.value, after)) this.#unseen.add(upload)
      else this.#report(upload)
      if (isHidden) this.#totalUnseen()
    })
    this.#entries.set(upload, { row, id: upload.id, unsubscribe })
    // Its outcome shows in the row; without a handler here a failure would be reported as unhandled.
    upload.done.catch(() => undefined)
  }

  /** The totals of what is not drawn. Without a timer, for those of a hidden page are late. */
  #totalUnseen(): void {
    // The system's clock may have been put back meanwhile.
    if (Math.abs(this.#now() - this.#totalledAt) < hiddenPause) return
    this.#totalledAt = this.#now()
    this.totals.value = totalsOf(this.rows(), ({ upload }) => upload.snapshot)
  }

  /** @returns the most that has changed of the row: with its state its place may */
  #show(entry: Entry): 'state' | 'id' | 'figures' {
    const { row } = entry
    const before = row.snapshot.value
    const after = row.upload.snapshot
    const named = entry.id !== row.upload.id
    row.snapshot.value = after
    entry.id = row.upload.id
    if (isSameState(before, after)) return named ? 'id' : 'figures'
    this.#noteEnd(row)
    return 'state'
  }

  #noteEnd(row: UploadRow): void {
    if (isDone(row)) row.finishedAt ??= new Date(this.#now())
  }
}

/** Whether only figures have moved, and over a line that is not fast. */
function isNothingNew(before: UploadSnapshot, after: UploadSnapshot): boolean {
  const { speed, lost } = after.progress
  const isLostAsBefore = before.progress.lost > 0 === lost > 0
  return isSameState(before, after) && isLostAsBefore && speed !== null && speed < fastLine
}

/** Whether there is nothing to be told of but figures. */
function isSameState(before: UploadSnapshot, after: UploadSnapshot): boolean {
  const isLosing = before.progress.lost === 0 && after.progress.lost > 0
  return after.state === before.state && after.waitReason === before.waitReason && !isLosing
}

function isDone({ snapshot }: UploadRow): boolean {
  return snapshot.value.state === 'done'
}
