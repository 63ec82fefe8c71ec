import type { UnfinishedUpload } from '../unfinished-types.js'
import type { Upload, UploadError, UploadResult } from '../upload-types.js'
import { SimFile } from './sim-file.js'
import { SimCopyStorage } from './sim-copy-storage.js'
import { contentOf, SimWorld } from './sim-world.js'
import type { SimTab, SimWorldOptions } from './sim-world.js'
import { loaded } from './watching.js'

export const partSize = 64
const parts = 40

/** A browser whose only tab was killed while a file was half uploaded. */
export class KilledMidway {
  readonly copyStorage: SimCopyStorage
  /** Slow enough for a copy to be made during sending. */
  readonly world: SimWorld
  readonly file: SimFile
  readonly first: SimTab
  readonly upload: Upload

  constructor(
    file = new SimFile(contentOf(parts * partSize)),
    options: Parameters<SimWorld['tab']>[0] = {},
    world: SimWorldOptions = {},
    blockSize = partSize,
  ) {
    this.copyStorage = new SimCopyStorage(blockSize)
    this.world = new SimWorld({ latency: 500, ...world })
    this.file = file
    this.first = this.tab(options)
    this.upload = this.first.uploader.upload(file)
  }

  /** Opens a page of the same browser. */
  tab(options: Parameters<SimWorld['tab']>[0] = {}): SimTab {
    return this.world.tab({ copyStorage: this.copyStorage, ...options })
  }

  /** Runs until a quarter is stored and `met()` is true, then kills the tab. */
  async kill(met: () => boolean = () => this.copyStorage.isWhole): Promise<void> {
    await this.world.until(() => met() && loaded(this.upload) >= (parts / 4) * partSize)
    this.first.kill()
    // Requests in flight arrive.
    await this.world.clock.pass(5_000)
  }

  /** The only unfinished upload, as a new page lists it. */
  async listed(tab: SimTab): Promise<UnfinishedUpload> {
    const [unfinished, ...others] = await this.world.clock.run(tab.uploader.unfinished())
    if (unfinished === undefined || others.length > 0) throw new Error(`${others.length} others are listed.`)
    return unfinished
  }

  /** Resumes in a new page, without a pick. */
  async resume(tab = this.tab()): Promise<Upload> {
    return this.world.clock.run((await this.listed(tab)).resume())
  }

  outcome(upload: Upload): Promise<UploadResult | UploadError> {
    return this.world.clock.run(upload.done.catch((error: unknown) => error as UploadError))
  }

  /** Parts that the killed tab had sent and saw acknowledged. */
  acknowledged(): ReadonlySet<string> {
    return new Set(
      this.first.transport.sent.filter((put) => put.acknowledgedAt !== null).map(({ path }) => path),
    )
  }
}
