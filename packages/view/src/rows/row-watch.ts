import type { Upload } from '@carryon/client'
import type { PageSight } from './page-sight.js'
import type { UploadRow } from './upload-row.js'
import { isNothingNew } from './what-changed.js'

/** Milliseconds between updates of the totals while the page is hidden: its title shows them. */
const hiddenPause = 10_000

/** What a {@link RowWatch} needs. */
export interface RowWatchOptions {
  readonly sight: PageSight
  /** Unix milliseconds. */
  readonly now: () => number
  /** Called now and then while figures change on a hidden page, where they are not drawn. */
  readonly movedUnseen: () => void
}

/** Listens to uploads. While the page is hidden, changes of figures alone are reported only when it becomes visible. */
export class RowWatch {
  readonly #options: RowWatchOptions
  readonly #stops = new Map<Upload, () => void>()
  /** Rows whose figures changed while the page was hidden. */
  readonly #unseen = new Set<Upload>()
  /** Present while it is started. */
  #report: ((changed: Upload) => void) | null = null
  #stopSight: () => void = () => undefined
  /** When the totals were last updated. */
  #lookedAt = -Infinity

  constructor(options: RowWatchOptions) {
    this.#options = options
  }

  start(rows: Iterable<UploadRow>, report: (changed: Upload) => void): void {
    this.#report = report
    this.#stopSight = this.#options.sight.onShown(() => {
      for (const upload of this.#unseen) report(upload)
      this.#unseen.clear()
    })
    for (const row of rows) this.follow(row)
  }

  stop(): void {
    this.#report = null
    this.#stopSight()
    for (const stop of this.#stops.values()) stop()
    this.#stops.clear()
  }

  /** Does nothing while it is stopped. */
  follow(row: UploadRow): void {
    const report = this.#report
    if (report === null) return
    const { upload } = row
    const { sight } = this.#options
    const stop = upload.on('change', (after) => {
      const isHidden = sight.isHidden()
      if (isHidden && isNothingNew(row.shown, after)) this.#unseen.add(upload)
      else report(upload)
      if (isHidden) this.#lookUnseen()
    })
    this.#stops.set(upload, stop)
  }

  leave(upload: Upload): void {
    this.#stops.get(upload)?.()
    this.#stops.delete(upload)
    this.#unseen.delete(upload)
  }

  /** Marks the totals as current. */
  looked(): void {
    this.#lookedAt = this.#options.now()
  }

  /** Uses no timer, because timers of a hidden page are late. */
  #lookUnseen(): void {
    // The system's clock may have been set back meanwhile.
    if (Math.abs(this.#options.now() - this.#lookedAt) < hiddenPause) return
    this.looked()
    this.#options.movedUnseen()
  }
}
