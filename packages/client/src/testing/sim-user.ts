import type { Upload } from '../upload-types.js'
import type { Scenario } from './scenario.js'
import { SimFile } from './sim-file.js'
import { SimHandle } from './sim-handle.js'
import { SimCopyStorage } from './sim-copy-storage.js'
import type { SimTab, SimTabOptions, SimWorld } from './sim-world.js'

/** Bytes: less than a part, one and a half parts, and several parts. */
const blockSizes = [20, 48, 160]

/** A user who uploads one file in one browser: picks it, edits it, opens and loses tabs. */
export class SimUser {
  readonly tabs: SimTab[] = []
  /** The upload of each tab that has one; the last one is visible. */
  readonly uploads: Upload[] = []
  /** Uploads of open tabs. */
  readonly live = new Set<Upload>()
  /** Uploads that resumed without a pick. */
  readonly resumed = new Set<Upload>()
  /** The browser's copy storage; `null` if nothing survives a reload. */
  readonly copyStorage: SimCopyStorage | null
  /** The file that was picked last. */
  file: SimFile
  readonly #world: SimWorld
  readonly #scenario: Scenario
  readonly #wanted: Pick<SimTabOptions, 'onDuplicate' | 'extensions'>
  #handle: SimHandle | null = null

  /**
   * @param wanted options of each page
   * @param bytes of the file
   */
  constructor(
    world: SimWorld,
    scenario: Scenario,
    wanted: Pick<SimTabOptions, 'onDuplicate' | 'extensions'>,
    bytes: Uint8Array,
  ) {
    this.#world = world
    this.#scenario = scenario
    this.#wanted = wanted
    this.copyStorage =
      scenario.keeps === 'nothing' ? null : new SimCopyStorage(blockSizes[scenario.seed % blockSizes.length])
    this.file = this.#fromDialog(bytes)
  }

  /** The upload that was picked last. */
  get current(): Upload {
    const upload = this.uploads.at(-1)
    if (upload === undefined) throw new Error('Nothing was picked.')
    return upload
  }

  /** Picks the file in a new tab. */
  pick(): void {
    this.#add(this.#openTab().uploader.upload(this.file))
  }

  /** Picks the present file at the same place. */
  pickAgain(): void {
    this.file = this.#fromDialog(this.file.bytes)
    this.pick()
  }

  killAndPick(): void {
    this.#kill()
    this.pickAgain()
  }

  /** Kills the tab and resumes in a new page with what the browser kept of the file, otherwise by picking it. */
  async killAndResume(): Promise<void> {
    this.#kill()
    const { uploader } = this.#openTab()
    const resume = async (): Promise<Upload> => {
      const unfinished = await uploader.unfinished()
      const mine = unfinished.find(({ needs }) => needs !== 'file')
      if (mine === undefined) throw new Error('Nothing resumes without a pick.')
      return mine.resume()
    }
    const upload = await this.#world.clock.run(resume().catch(() => null))
    if (upload === null) {
      this.file = this.#fromDialog(this.file.bytes)
      this.#add(uploader.upload(this.file))
    } else {
      this.resumed.add(upload)
      this.#add(upload)
    }
  }

  /** @param unseen whether the change keeps the file's time */
  editFile(bytes: Uint8Array, unseen: boolean): void {
    this.file.edit(bytes, unseen)
    if (this.#handle !== null) this.#handle.file = this.#fileOf(bytes)
  }

  removeFile(): void {
    this.file.remove()
    if (this.#handle !== null) this.#handle.file = null
  }

  #fromDialog(bytes: Uint8Array): SimFile {
    const file = this.#fileOf(bytes)
    if (this.#scenario.keeps === 'handle') this.#handle = new SimHandle(file)
    return file
  }

  #fileOf(bytes: Uint8Array): SimFile {
    return new SimFile(bytes, 'film.mp4', this.#scenario.failsWhenChanged)
  }

  #openTab(): SimTab {
    const copyStorage = this.copyStorage === null ? {} : { copyStorage: this.copyStorage }
    const tab = this.#world.tab({ recheck: 'full', ...this.#wanted, ...copyStorage })
    this.tabs.push(tab)
    return tab
  }

  #add(upload: Upload): void {
    this.uploads.push(upload)
    this.live.add(upload)
  }

  #kill(): void {
    this.tabs.at(-1)?.kill()
    this.live.delete(this.current)
  }
}
