import type { Upload, Uploader } from '@carryon/client'
import { createFrameBatch, type RequestFrame } from './frame-batch.js'
import type { PageSight } from './page-sight.js'
import { createOutageWatch, type Outage } from './outage.js'
import { groupRows, withWorkFirst, type RowGroups } from './row-groups.js'
import { totalsOf, type UploadTotals } from './totals.js'
import { UploadRow } from './upload-row.js'
import { isActive } from './upload-state.js'
import { isNothingNew, isSameState } from './what-changed.js'

/**
 * From here on the lists are redrawn once a second at most, for they flow by too fast to be read anyway; figures ten
 * times a second, for it takes a look at every row.
 */
const manyRows = 200
/** Milliseconds. */
const regroupPause = 1000
const drawPause = 100

/** Milliseconds between two looks at the totals while nobody can see the page: its title shows them. */
const hiddenPause = 10_000

interface Entry {
  readonly row: UploadRow
  /** The server's, as last seen: another tab may tell it while nothing else changes. */
  id: string | null
  /** Does nothing while the list is stopped. */
  unsubscribe: () => void
}

/** What a {@link RowList} needs. */
export interface RowListOptions {
  readonly uploader: Uploader
  readonly requestFrame: RequestFrame
  /** Unix milliseconds. */
  readonly now: () => number
  readonly sight: PageSight
  /** Called once for all that was drawn together. */
  readonly changed: () => void
}

/** Mirrors an uploader's list into rows, once per frame at most; until it is started it shows how things stood when it was made. */
export class RowList {
  #groups: RowGroups = { open: [], done: [], asked: [] }
  #totals: UploadTotals = totalsOf([])
  #outage: Outage | null = null
  #ids: ReadonlySet<string> = new Set()
  #stateChanges: readonly UploadRow[] = []

  readonly #uploader: Uploader
  readonly #requestFrame: RequestFrame
  readonly #now: () => number
  readonly #sight: PageSight
  readonly #changed: () => void
  readonly #watchOutage: ReturnType<typeof createOutageWatch>
  readonly #entries = new Map<Upload, Entry>()
  /** Whose figures have moved while nobody could see them. */
  readonly #unseen = new Set<Upload>()
  /** Present while it is started. */
  #following: { readonly report: (changed: Upload | 'list') => void; readonly stop: () => void } | null = null
  #nextKey = 1
  /** Milliseconds, as `now` has them. */
  #regroupedAt = -Infinity
  #totalledAt = -Infinity
  #regroupLater: ReturnType<typeof setTimeout> | undefined
  #drawLater: ReturnType<typeof setTimeout> | undefined

  constructor({ uploader, requestFrame, now, sight, changed }: RowListOptions) {
    this.#uploader = uploader
    this.#requestFrame = requestFrame
    this.#now = now
    this.#sight = sight
    this.#changed = changed
    this.#watchOutage = createOutageWatch(now)
    this.#update(new Set(['list']))
  }

  get groups(): RowGroups {
    return this.#groups
  }

  get totals(): UploadTotals {
    return this.#totals
  }

  /** What uploads wait for that does not answer; `null` while everything does. */
  get outage(): Outage | null {
    return this.#outage
  }

  /** The server's ids of all rows that have one by now. */
  get ids(): ReadonlySet<string> {
    return this.#ids
  }

  /** Rows whose state changed in the last frame, or of which something that was stored began to be missing. */
  get stateChanges(): readonly UploadRow[] {
    return this.#stateChanges
  }

  start(): void {
    if (this.#following !== null) return
    // A batch of its own: one that was stopped before its frame never comes.
    const report = createFrameBatch<Upload | 'list'>(
      (changed) => this.#draw(changed),
      (draw) => {
        if (this.#entries.size <= manyRows) this.#requestFrame(draw)
        else this.#drawLater = setTimeout(() => this.#requestFrame(draw), drawPause)
      },
    )
    const unlisten = [
      this.#uploader.on('change', () => report('list')),
      this.#sight.onShown(() => {
        for (const upload of this.#unseen) report(upload)
        this.#unseen.clear()
      }),
    ]
    this.#following = { report, stop: () => unlisten.forEach((stop) => stop()) }
    for (const entry of this.#entries.values()) this.#follow(entry)
    // What has changed while it was stopped.
    this.#draw(new Set<Upload | 'list'>(['list', ...this.#entries.keys()]))
  }

  stop(): void {
    this.#following?.stop()
    this.#following = null
    for (const entry of this.#entries.values()) entry.unsubscribe()
    clearTimeout(this.#regroupLater)
    this.#regroupLater = undefined
    clearTimeout(this.#drawLater)
  }

  rows(): UploadRow[] {
    return Array.from(this.#entries.values(), ({ row }) => row)
  }

  has(upload: Upload): boolean {
    return this.#entries.has(upload)
  }

  #draw(changed: ReadonlySet<Upload | 'list'>): void {
    if (this.#following === null) return
    this.#update(changed)
    this.#changed()
  }

  #update(changed: ReadonlySet<Upload | 'list'>): void {
    const idle = this.#totals.active === 0
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
    if (idle && rows.some(({ shown }) => isActive(shown))) {
      for (const row of finishedBefore) row.settled = true
    }
    this.#totals = totalsOf(rows)
    this.#outage = this.#watchOutage(rows.map(({ shown }) => shown))
    this.#totalledAt = this.#now()
    if (moved.length > 0) this.#stateChanges = moved
    if (regroup) this.#regroup()
  }

  #regroup(): void {
    const wait = this.#regroupedAt + regroupPause - this.#now()
    if (this.#entries.size > manyRows && wait > 0) {
      this.#groups = withWorkFirst(this.#groups, this.rows())
      this.#regroupLater ??= setTimeout(() => {
        this.#regroup()
        this.#changed()
      }, wait)
      return
    }
    clearTimeout(this.#regroupLater)
    this.#regroupLater = undefined
    this.#regroupedAt = this.#now()
    const rows = this.rows()
    this.#groups = groupRows(rows, rows.length > manyRows)
    this.#ids = new Set(rows.flatMap(({ upload }) => upload.id ?? []))
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
    const row = new UploadRow(upload, this.#nextKey++, this.#now())
    const entry: Entry = { row, id: upload.id, unsubscribe: () => undefined }
    this.#entries.set(upload, entry)
    this.#follow(entry)
    // Its outcome shows in the row; without a handler here a failure would be reported as unhandled.
    upload.done.catch(() => undefined)
  }

  #follow(entry: Entry): void {
    if (this.#following === null) return
    const { report } = this.#following
    const { row } = entry
    entry.unsubscribe = row.upload.on('change', (after) => {
      const isHidden = this.#sight.isHidden()
      if (isHidden && isNothingNew(row.shown, after)) this.#unseen.add(row.upload)
      else report(row.upload)
      if (isHidden) this.#totalUnseen()
    })
  }

  /** The totals of what is not drawn. Without a timer, for those of a hidden page are late. */
  #totalUnseen(): void {
    // The system's clock may have been put back meanwhile.
    if (Math.abs(this.#now() - this.#totalledAt) < hiddenPause) return
    this.#totalledAt = this.#now()
    this.#totals = totalsOf(this.rows(), ({ upload }) => upload.snapshot)
    this.#changed()
  }

  /** @returns the most that has changed of the row: with its state its place may */
  #show(entry: Entry): 'state' | 'id' | 'figures' {
    const { row } = entry
    const before = row.shown
    row.follow(this.#now())
    const named = entry.id !== row.upload.id
    entry.id = row.upload.id
    if (isSameState(before, row.shown)) return named ? 'id' : 'figures'
    return 'state'
  }
}

function isDone({ shown }: UploadRow): boolean {
  return shown.state === 'done'
}
