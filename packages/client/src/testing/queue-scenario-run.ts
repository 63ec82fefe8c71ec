import { expect } from 'vitest'
import { hasEnded } from '../core/state.js'
import type { UnfinishedUpload } from '../unfinished-types.js'
import type { Upload } from '../upload-types.js'
import type { QueueScenario } from './queue-scenario.js'
import { SimFile } from './sim-file.js'
import { SimHandle } from './sim-handle.js'
import { SimCopyStorage } from './sim-copy-storage.js'
import { SimPicks } from './sim-picks.js'
import { contentOf, SimWorld } from './sim-world.js'
import type { SimTab } from './sim-world.js'

/** Plays a {@link QueueScenario}: several files picked together, in one browser whose tabs come and go. */
export class QueueScenarioRun {
  readonly world: SimWorld
  readonly picks = new SimPicks()
  readonly copyStorage = new SimCopyStorage()
  readonly files: readonly SimFile[]
  readonly cancelled = new Set<string>()
  readonly #scenario: QueueScenario
  #tab: SimTab

  constructor(scenario: QueueScenario) {
    this.#scenario = scenario
    let number = scenario.seed
    const random = (): number => {
      number = (Math.imul(number, 1103515245) + 12345) >>> 0
      return number / 2 ** 32
    }
    this.world = new SimWorld({ ...scenario, partSize: 32, random })
    if (scenario.keeps === 'record') this.#fill()
    const faults = [...scenario.faults]
    this.world.nextFault = () => faults.shift() ?? null
    this.files = scenario.sizes.map(
      (size, index) => new SimFile(contentOf(size, scenario.seed + index + 1), `file-${index}.bin`),
    )
    if (scenario.keeps === 'handle') for (const file of this.files) new SimHandle(file)
    this.#tab = this.#open()
    if (scenario.isAnnounced) void this.#tab.uploader.picked(this.files)
    for (const file of this.files) this.#tab.uploader.upload(file)
  }

  /** Uploads of the open page. */
  get #uploads(): readonly Upload[] {
    return this.#tab.uploader.uploads
  }

  /** Plays to the end: in the end no more faults occur, paused uploads are resumed, and every wanted file arrives. */
  async play(): Promise<void> {
    const { clock } = this.world
    // A page that is killed at the moment of the pick has remembered nothing.
    await clock.pass(1)
    for (const step of this.#scenario.steps) {
      await clock.pass(step.after)
      await this.#do(step)
    }
    this.world.nextFault = () => null
    for (const upload of this.#uploads) upload.resume()
    await clock.run(Promise.all(this.#uploads.map(({ done }) => done.catch(() => undefined))))
    // Retry uploads that failed permanently under faults.
    for (const upload of this.#uploads) upload.resume()
    await clock.run(Promise.all(this.#uploads.map(({ done }) => done.catch(() => undefined))))
    await clock.pass(5_000)
  }

  /** How often each file is stored, byte for byte. */
  stored(): readonly number[] {
    const done = this.world.server.list({ state: 'done' }).uploads
    return this.files.map(({ bytes }) => done.filter(({ key }) => this.world.holds(key, bytes)).length)
  }

  async #do({ kind, which }: QueueScenario['steps'][number]): Promise<void> {
    const { world } = this
    const one = this.#uploads[which % this.#uploads.length]
    switch (kind) {
      case 'kill and resume':
      case 'close and resume':
        return this.#leaveAndResume(kind === 'kill and resume')
      case 'look from another tab':
        return this.#lookFromAnother()
      case 'pause one': {
        one?.pause()
        return
      }
      case 'resume all': {
        for (const upload of this.#uploads) upload.resume()
        return
      }
      case 'cancel one': {
        // After a kill during its opening, a file may have two rows.
        for (const upload of this.#uploads)
          if (upload.file.name === one?.file.name) await this.#cancel(upload)
        return
      }
      case 'offline for hours': {
        const before = world.nextFault
        world.nextFault = () => 'lost-before'
        await world.clock.pass(5 * 3_600_000)
        world.nextFault = before
        return
      }
      case 'restart the server': {
        world.server.restart(3_000)
        return
      }
      case 'storage is full': {
        this.#fill()
        return
      }
      case 'storage has room': {
        this.picks.left = 1_000_000
        this.copyStorage.left = 1_000_000
        return
      }
    }
  }

  /** Fills the storage for copies; a record is so small that it always fits. */
  #fill(): void {
    this.picks.left = 0
    this.copyStorage.left = 0
  }

  #open(): SimTab {
    const { filesAtOnce } = this.#scenario
    return this.world.tab({ recheck: 'full', filesAtOnce, copyStorage: this.copyStorage, picks: this.picks })
  }

  async #leaveAndResume(isKilled: boolean): Promise<void> {
    if (isKilled) this.#tab.kill()
    else this.#tab.uploader.close()
    this.#tab = this.#open()
    const rows = await this.#list(this.#tab)
    this.#expectNothingForgotten(rows)
    const missing = rows.filter(({ needs }) => needs === 'file')
    void this.#tab.uploader.picked(missing.map((row) => this.#fileOf(row)))
    const resume = async (row: UnfinishedUpload): Promise<Upload> => {
      if (row.needs === 'file') return row.resume(this.#fileOf(row))
      return row.resume().catch(() => row.resume(this.#fileOf(row)))
    }
    await this.world.clock.run(Promise.all(rows.map(resume)))
  }

  /** Retries until the server answers, as the page does. */
  #list(tab: SimTab): Promise<readonly UnfinishedUpload[]> {
    const ask = async (): Promise<readonly UnfinishedUpload[]> => {
      for (;;) {
        try {
          return await tab.uploader.unfinished()
        } catch {
          await this.world.clock.sleep(1_000)
        }
      }
    }
    return this.world.clock.run(ask())
  }

  async #lookFromAnother(): Promise<void> {
    const tab = this.#open()
    const rows = await this.#list(tab)
    expect(rows.filter(({ state }) => state === 'queued')).toEqual([])
    tab.uploader.close()
  }

  async #cancel(upload: Upload): Promise<void> {
    if (upload.snapshot.state === 'done') return
    const untilDone = async (): Promise<void> => {
      for (;;) {
        try {
          await upload.cancel()
          return
        } catch {
          await this.world.clock.sleep(1_000)
        }
      }
    }
    await this.world.clock.run(untilDone())
    if (hasEnded(upload.snapshot) && upload.snapshot.state === 'cancelled')
      this.cancelled.add(upload.file.name)
  }

  /** Expects that every file is stored, was cancelled, or has a row. */
  #expectNothingForgotten(rows: readonly UnfinishedUpload[]): void {
    const stored = this.stored()
    const listed = new Set(rows.map(({ name }) => name))
    const forgotten = this.files.filter(
      ({ name }, index) => stored[index] === 0 && !this.cancelled.has(name) && !listed.has(name),
    )
    expect(forgotten.map(({ name }) => name)).toEqual([])
  }

  #fileOf({ name }: UnfinishedUpload): SimFile {
    const file = this.files.find((one) => one.name === name)
    if (file === undefined) throw new Error(`Nobody picked "${name}".`)
    return file
  }
}
