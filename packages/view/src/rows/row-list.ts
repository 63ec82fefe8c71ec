import type { Upload, Uploader } from '@carryon/client'
import { createFrameBatch, type RequestFrame } from './frame-batch.js'
import type { PageSight } from './page-sight.js'
import { createOutageWatch, type Outage } from './outage.js'
import { groupRows, withWorkFirst, type RowGroups } from './row-groups.js'
import { RowSet } from './row-set.js'
import { RowWatch } from './row-watch.js'
import { totalsOf, type UploadTotals } from './totals.js'
import type { UploadRow } from './upload-row.js'
import { isActive } from './upload-state.js'

/**
 * From this many rows on, lists are redrawn at most once a second, because they move too fast to be read anyway, and figures
 * ten times a second, because that takes a look at every row.
 */
const manyRows = 200
/** Milliseconds. */
const regroupPause = 1000
const drawPause = 100

/** What a {@link RowList} needs. */
export interface RowListOptions {
  readonly uploader: Uploader
  readonly requestFrame: RequestFrame
  /** Unix milliseconds. */
  readonly now: () => number
  readonly sight: PageSight
  /** Called once for everything drawn together. */
  readonly changed: () => void
}

/** Mirrors an uploader's list into rows, at most once per frame; until it is started, it shows the state at its creation. */
export class RowList {
  #groups: RowGroups = { open: [], done: [], asked: [] }
  #totals: UploadTotals = totalsOf([])
  #outage: Outage | null = null
  #ids: ReadonlySet<string> = new Set()
  #stateChanges: readonly UploadRow[] = []

  readonly #uploader: Uploader
  readonly #requestFrame: RequestFrame
  readonly #now: () => number
  readonly #changed: () => void
  readonly #watchOutage: ReturnType<typeof createOutageWatch>
  readonly #watch: RowWatch
  readonly #rows: RowSet
  /** Present while it is started. */
  #following: { readonly report: (changed: Upload | 'list') => void; readonly stop: () => void } | null = null
  /** Milliseconds, as `now` has them. */
  #regroupedAt = -Infinity
  #regroupLater: ReturnType<typeof setTimeout> | undefined
  #drawLater: ReturnType<typeof setTimeout> | undefined

  constructor({ uploader, requestFrame, now, sight, changed }: RowListOptions) {
    this.#uploader = uploader
    this.#requestFrame = requestFrame
    this.#now = now
    this.#changed = changed
    this.#watchOutage = createOutageWatch(now)
    const movedUnseen = (): void => {
      this.#totals = totalsOf(this.#rows, ({ upload }) => upload.snapshot)
      changed()
    }
    this.#watch = new RowWatch({ sight, now, movedUnseen })
    this.#rows = new RowSet({
      came: (row) => {
        this.#watch.follow(row)
        // The row shows the outcome; without a handler here, a failure would be reported as unhandled.
        if (row.hasBegun) row.upload.done.catch(() => undefined)
      },
      went: (upload) => this.#watch.leave(upload),
    })
    this.#update(new Set(['list']))
  }

  get groups(): RowGroups {
    return this.#groups
  }

  get totals(): UploadTotals {
    return this.#totals
  }

  /** The service that uploads wait for and that does not answer; `null` while everything answers. */
  get outage(): Outage | null {
    return this.#outage
  }

  /** The server's ids of all rows that already have one. */
  get ids(): ReadonlySet<string> {
    return this.#ids
  }

  /** Rows whose state changed in the last frame, or that began to lose stored data. */
  get stateChanges(): readonly UploadRow[] {
    return this.#stateChanges
  }

  start(): void {
    if (this.#following !== null) return
    // Uses a new batch, because a batch stopped before its frame never runs.
    const report = createFrameBatch<Upload | 'list'>(
      (changed) => this.#draw(changed),
      (draw) => {
        if (this.#rows.size <= manyRows) this.#requestFrame(draw)
        else this.#drawLater = setTimeout(() => this.#requestFrame(draw), drawPause)
      },
    )
    this.#watch.start(this.#rows, report)
    this.#following = { report, stop: this.#uploader.on('change', () => report('list')) }
    // Catches up with changes made while it was stopped.
    this.#draw(new Set<Upload | 'list'>(['list', ...Array.from(this.#rows, ({ upload }) => upload)]))
  }

  stop(): void {
    this.#following?.stop()
    this.#following = null
    this.#watch.stop()
    clearTimeout(this.#regroupLater)
    this.#regroupLater = undefined
    clearTimeout(this.#drawLater)
  }

  /** In the order of picking. */
  rows(): readonly UploadRow[] {
    return [...this.#rows]
  }

  has(upload: Upload): boolean {
    return this.#rows.get(upload) !== undefined
  }

  /** Lists files whose uploads begin a moment later. @returns their rows, in the same order. */
  expect(files: readonly Upload['file'][]): readonly UploadRow[] {
    // Without this, they would come before uploads that no frame has added yet, and so out of order.
    this.#rows.follow(this.#uploader.uploads, this.#now())
    const rows = this.#rows.expect(files, this.#now())
    this.#showNow()
    return rows
  }

  /** The upload of a file from {@link RowList.expect} has begun. */
  begin(row: UploadRow, upload: Upload): void {
    this.#rows.begin(row, upload)
    this.#following?.report(upload)
  }

  /** Removes files from {@link RowList.expect} whose upload cannot begin. */
  giveUp(rows: readonly UploadRow[]): void {
    const left = rows.filter(({ hasBegun }) => !hasBegun)
    for (const row of left) this.#rows.remove(row)
    if (left.length > 0) this.#showNow()
  }

  /** Shows the effect of a person's action at once. */
  #showNow(): void {
    this.#regroupedAt = -Infinity
    this.#update(new Set())
    this.#regroup()
  }

  #draw(changed: ReadonlySet<Upload | 'list'>): void {
    if (this.#following === null) return
    this.#update(changed)
    this.#changed()
  }

  #update(changed: ReadonlySet<Upload | 'list'>): void {
    const idle = this.#totals.active === 0
    const finishedBefore = idle ? [...this.#rows].filter(isDone) : []
    const moved: UploadRow[] = []
    const now = this.#now()
    let regroup = changed.has('list') && this.#rows.follow(this.#uploader.uploads, now)
    for (const upload of changed) {
      const row = upload === 'list' ? undefined : this.#rows.get(upload)
      const change = row?.follow(now) ?? 'figures'
      if (row !== undefined && change === 'state') moved.push(row)
      regroup ||= change !== 'figures'
    }
    const rows = [...this.#rows]
    // Uploads begin after the page was idle: earlier ones no longer count toward the percentage.
    if (idle && rows.some(({ shown }) => isActive(shown))) {
      for (const row of finishedBefore) row.settled = true
    }
    this.#totals = totalsOf(rows)
    this.#outage = this.#watchOutage(rows.map(({ shown }) => shown))
    this.#watch.looked()
    if (moved.length > 0) this.#stateChanges = moved
    if (regroup) this.#regroup()
  }

  #regroup(): void {
    const wait = this.#regroupedAt + regroupPause - this.#now()
    if (this.#rows.size > manyRows && wait > 0) {
      this.#groups = withWorkFirst(this.#groups, this.#rows)
      this.#regroupLater ??= setTimeout(() => {
        this.#regroup()
        this.#changed()
      }, wait)
      return
    }
    clearTimeout(this.#regroupLater)
    this.#regroupLater = undefined
    this.#regroupedAt = this.#now()
    this.#groups = groupRows(this.#rows, this.#rows.size > manyRows)
    const ids = new Set<string>()
    for (const { upload } of this.#rows) if (upload.id !== null) ids.add(upload.id)
    this.#ids = ids
  }
}

function isDone({ shown }: UploadRow): boolean {
  return shown.state === 'done'
}
