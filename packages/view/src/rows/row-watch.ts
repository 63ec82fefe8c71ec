import type { Upload } from '@carryon/client'
import type { PageSight } from './page-sight.js'
import type { UploadRow } from './upload-row.js'
import { isNothingNew } from './what-changed.js'

/** Milliseconds between two looks at the totals while nobody can see the page: its title shows them. */
const hiddenPause = 10_000

/** What a {@link RowWatch} needs. */
export interface RowWatchOptions {
  readonly sight: PageSight
  /** Unix milliseconds. */
  readonly now: () => number
  /** Called while figures move that are not drawn, for nobody can see them; now and then. */
  readonly movedUnseen: () => void
}

/** Listens to uploads; what only moves figures of a page that nobody can see is told once somebody can. */
export class RowWatch {
  readonly #options: RowWatchOptions
  readonly #stops = new Map<Upload, () => void>()
  /** Whose figures have moved while nobody could see them. */
  readonly #unseen = new Set<Upload>()
  /** Present while it is started. */
  #report: ((changed: Upload) => void) | null = null
  #stopSight: () => void = () => undefined
  /** When the totals were last looked at. */
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

  /** The totals are those of now. */
  looked(): void {
    this.#lookedAt = this.#options.now()
  }

  /** Without a timer, for those of a hidden page are late. */
  #lookUnseen(): void {
    // The system's clock may have been put back meanwhile.
    if (Math.abs(this.#options.now() - this.#lookedAt) < hiddenPause) return
    this.looked()
    this.#options.movedUnseen()
  }
}
