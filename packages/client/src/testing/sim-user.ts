import type { Upload } from '../upload-types.js'
import type { Scenario } from './scenario.js'
import { SimFile } from './sim-file.js'
import { SimHandle } from './sim-handle.js'
import { SimCopyStorage } from './sim-copy-storage.js'
import type { SimTab, SimTabOptions, SimWorld } from './sim-world.js'

/** Bytes: smaller than a part, as large as one and a half, and as several. */
const blockSizes = [20, 48, 160]

/** Who uploads one file, in one browser: picks it, edits it, opens tabs and loses them. */
export class SimUser {
  readonly tabs: SimTab[] = []
  /** The upload of each tab in which there is one; the last is the one that is looked at. */
  readonly uploads: Upload[] = []
  /** Those whose tabs are left. */
  readonly live = new Set<Upload>()
  /** Those that resumed without a pick. */
  readonly resumed = new Set<Upload>()
  /** The browser's; `null` where nothing lasts. */
  readonly copyStorage: SimCopyStorage | null
  /** As it was picked last. */
  file: SimFile
  readonly #world: SimWorld
  readonly #scenario: Scenario
  readonly #wanted: Pick<SimTabOptions, 'onDuplicate' | 'extensions'>
  #handle: SimHandle | null = null

  /**
   * @param wanted of each page
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

  /** Picked last. */
  get current(): Upload {
    const upload = this.uploads.at(-1)
    if (upload === undefined) throw new Error('Nothing was picked.')
    return upload
  }

  /** In a tab of its own. */
  pick(): void {
    this.#add(this.#openTab().uploader.upload(this.file))
  }

  /** What is at the file's place now. */
  pickAgain(): void {
    this.file = this.#fromDialog(this.file.bytes)
    this.pick()
  }

  killAndPick(): void {
    this.#kill()
    this.pickAgain()
  }

  /** In a new page, from what the browser has of the file; where that is nothing, it is picked. */
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

  /** @param unseen whether nobody can see it from outside */
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
