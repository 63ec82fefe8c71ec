import { setTimeout as delay } from 'node:timers/promises'
import { eachLimited } from './each-limited.js'
import { fineTick } from './file-stamp.js'

export interface Savable {
  readonly unsaved: boolean
  save(): Promise<void>
}

/** Milliseconds from a change to the save. */
const firstPause = 1_000
/** Maximum share of time spent saving, however many objects there are. */
const share = 1 / 20
const savesAtOnce = 4

/**
 * Saves index files in the background. If the process is killed first, unsaved entries are read from the
 * records at the next start.
 */
export class IndexSaver {
  readonly #folders: readonly Savable[]
  readonly #log: (line: object) => void
  #timer: NodeJS.Timeout | undefined
  #pause = firstPause
  #running: Promise<void> = Promise.resolve()
  #closed = false

  constructor(folders: readonly Savable[], log: (line: object) => void) {
    this.#folders = folders
    this.#log = log
  }

  /** Schedules a save; call when something may be unsaved. */
  wake(): void {
    if (this.#closed || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#running = this.#run()
    }, this.#pause).unref()
  }

  /** Saves everything unsaved; a folder that is changing at that moment is read again at the next start. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
    if (!this.#folders.some((folder) => folder.unsaved)) return
    await delay(2 * fineTick)
    await this.#save()
  }

  async #run(): Promise<void> {
    const began = performance.now()
    await this.#save()
    this.#pause = Math.max(firstPause, (performance.now() - began) / share)
    this.#timer = undefined
    if (this.#folders.some((folder) => folder.unsaved)) this.wake()
  }

  async #save(): Promise<void> {
    try {
      const unsaved = this.#folders.filter((folder) => folder.unsaved)
      await eachLimited(unsaved, savesAtOnce, async (folder) => folder.save())
    } catch (error) {
      // An unsaved index only makes the next start slower.
      this.#log({ message: 'index not saved', error: String(error) })
    }
  }
}
