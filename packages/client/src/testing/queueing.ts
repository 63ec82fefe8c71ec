import { expect } from 'vitest'
import type { UnfinishedUpload } from '../unfinished-types.js'
import type { Upload } from '../upload-types.js'
import { SimFile } from './sim-file.js'
import { SimCopyStorage } from './sim-copy-storage.js'
import { SimPicks } from './sim-picks.js'
import { contentOf, SimWorld } from './sim-world.js'
import type { SimTab, SimTabOptions, SimWorldOptions } from './sim-world.js'

/** Bytes of the first file; each next file is one byte larger. Ten parts. */
export const queuedSize = 640

/** A browser in which many files are picked at once, and one tab after the other is killed. */
export class Queueing {
  readonly world: SimWorld
  readonly picks = new SimPicks()
  readonly copyStorage = new SimCopyStorage()

  constructor(options: SimWorldOptions = {}) {
    this.world = new SimWorld({ latency: 500, ...options })
  }

  tab(options: SimTabOptions = {}): SimTab {
    return this.world.tab({ copyStorage: this.copyStorage, picks: this.picks, filesAtOnce: 3, ...options })
  }

  files(count: number): readonly SimFile[] {
    return Array.from(
      { length: count },
      (_, index) => new SimFile(contentOf(queuedSize + index, index + 1), `file-${index}.bin`),
    )
  }

  pick(tab: SimTab, files: readonly SimFile[]): readonly Upload[] {
    void tab.uploader.picked(files)
    return files.map((file) => tab.uploader.upload(file))
  }

  /** Picks files in a page that is killed after three seconds; resolves once its queue is free. */
  async leaveBehind(files: readonly SimFile[]): Promise<void> {
    const tab = this.tab()
    this.pick(tab, files)
    await this.world.clock.pass(3_000)
    tab.kill()
    await this.world.clock.pass(2_000)
  }

  list(tab: SimTab): Promise<readonly UnfinishedUpload[]> {
    return this.world.clock.run(tab.uploader.unfinished())
  }

  /** Resumes all files that need no pick. */
  async resumeAll(tab: SimTab): Promise<readonly Upload[]> {
    const rows = await this.list(tab)
    const ready = rows.filter(({ needs }) => needs !== 'file')
    return this.world.clock.run(Promise.all(ready.map((row) => row.resume())))
  }

  /** Waits until all uploads are done. */
  async finish(uploads: readonly Upload[]): Promise<void> {
    await this.world.clock.run(Promise.all(uploads.map(({ done }) => done)))
  }

  expectStored(files: readonly SimFile[]): void {
    const done = this.world.server.list({ state: 'done' }).uploads
    expect(done.map(({ name }) => name).sort()).toEqual(files.map(({ name }) => name).sort())
    for (const { name, key } of done) {
      const file = files.find((one) => one.name === name)
      expect(this.world.holds(key, file?.bytes ?? new Uint8Array())).toBe(true)
    }
  }

  get isForgotten(): boolean {
    return this.picks.picks.size + this.picks.marks.size + this.picks.copies.size === 0
  }
}
