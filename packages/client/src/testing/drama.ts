import { expect } from 'vitest'
import type { OnDuplicate } from '../duplicate-types.js'
import { UploadError } from '../upload-types.js'
import type { Upload } from '../upload-types.js'
import { partCount } from './plot.js'
import type { Deed, Plot } from './plot.js'
import { SimFile } from './sim-file.js'
import { SimHandle } from './sim-handle.js'
import { SimKeeping } from './sim-keeping.js'
import { contentOf, SimWorld } from './sim-world.js'
import type { SimSent } from './sim-transport.js'
import type { SimTab } from './sim-world.js'

const partSize = 32
const size = partSize * partCount - 5

interface Cancel {
  readonly upload: Upload
  readonly ended: Promise<unknown>
}

/** Plays a {@link Plot} with one file, and looks on. */
export class Drama {
  readonly world: SimWorld
  readonly tabs: SimTab[] = []
  /** The upload of each tab. */
  readonly uploads: Upload[] = []
  readonly cancels: Cancel[] = []
  /** How the uploads of the tabs that were left ended, the last pick's last: a result or an error. */
  readonly outcomes: unknown[] = []
  /** Every content that the file has had. */
  readonly states: Uint8Array[]
  file: SimFile
  /** The browser's; `null` where nothing lasts. */
  readonly keeping: SimKeeping | null
  readonly #plot: Plot
  readonly #onDuplicate: OnDuplicate
  readonly #live = new Set<Upload>()
  /** Those that went on without a pick. */
  readonly #continued = new Set<Upload>()
  #handle: SimHandle | null = null

  /** @param onDuplicate what everybody wants of files that are stored already */
  constructor(plot: Plot, onDuplicate: OnDuplicate = 'copy') {
    this.#plot = plot
    this.#onDuplicate = onDuplicate
    let number = plot.seed
    const random = (): number => {
      number = (Math.imul(number, 1103515245) + 12345) >>> 0
      return number / 2 ** 32
    }
    this.world = new SimWorld({ ...plot, partSize, random, largestSingle: plot.isSmall ? size : 0 })
    this.keeping = plot.keeps === 'nothing' ? null : new SimKeeping()
    this.file = this.#picked(contentOf(size, plot.seed))
    this.states = [this.file.bytes]
    const faults = [...plot.faults]
    this.world.weather = () => faults.shift() ?? null
    this.#pick()
  }

  /** Picked last. */
  get current(): Upload {
    const upload = this.uploads.at(-1)
    if (upload === undefined) throw new Error('Nothing was picked.')
    return upload
  }

  /**
   * Parts that a tab began to send after one had heard the store acknowledge them, also such as never arrived again: upload id
   * and part number.
   */
  get sentAgain(): readonly string[] {
    const sent = this.tabs.flatMap(({ transport }) => transport.sent)
    const isAgain = ({ path, startedAt }: SimSent): boolean =>
      sent.some((put) => put.path === path && put.acknowledgedAt !== null && put.acknowledgedAt <= startedAt)
    return sent.filter(isAgain).map(({ path }) => path)
  }

  /** Whether anybody did such a thing. */
  did(pattern: RegExp): boolean {
    return this.#plot.deeds.some(({ kind }) => pattern.test(kind))
  }

  /**
   * To the end: at last the sky is clear, whoever was paused goes on, and every tab that is left gets to an end. Answers
   * how the last upload ended.
   */
  async play(): Promise<unknown> {
    const { clock } = this.world
    for (const deed of this.#plot.deeds) {
      await clock.pass(deed.after)
      await this.#do(deed)
      this.#expectOneOpen()
    }
    this.world.weather = () => null
    for (const upload of this.#live) upload.resume()
    this.outcomes.push(...(await this.#ends()))
    this.#expectOneOpen()
    await clock.run(Promise.all(this.cancels.map(({ ended }) => ended)))
    return this.outcomes.at(-1)
  }

  /** How the upload of each tab that is left ends. Whose copy is of no use any more, picks the file again. */
  async #ends(): Promise<readonly unknown[]> {
    const { clock } = this.world
    const endOf = (upload: Upload): Promise<unknown> => upload.done.catch((error: unknown) => error)
    const ends: unknown[] = []
    for (const upload of [...this.#live]) {
      const end = await clock.run(endOf(upload))
      const isAsked =
        end instanceof UploadError && end.code === 'file-unreadable' && this.#continued.has(upload)
      if (!isAsked) {
        ends.push(end)
        continue
      }
      this.file = this.#picked(this.file.bytes)
      this.#pick()
      ends.push(await clock.run(endOf(this.current)))
    }
    return ends
  }

  /** A file as it comes out of the dialog. */
  #picked(bytes: Uint8Array): SimFile {
    const file = new SimFile(bytes, 'film.mp4', this.#plot.failsWhenChanged)
    if (this.#plot.keeps === 'handle') this.#handle = new SimHandle(file)
    return file
  }

  #tab(): SimTab {
    const keeping = this.keeping === null ? {} : { keeping: this.keeping }
    const tab = this.world.tab({ recheck: 'full', onDuplicate: this.#onDuplicate, ...keeping })
    this.tabs.push(tab)
    return tab
  }

  #add(upload: Upload): void {
    this.uploads.push(upload)
    this.#live.add(upload)
  }

  #pick(): void {
    this.#add(this.#tab().uploader.upload(this.file))
  }

  #kill(): void {
    this.tabs.at(-1)?.kill()
    this.#live.delete(this.current)
  }

  #killAndPick(): void {
    this.#kill()
    this.file = this.#picked(this.file.bytes)
    this.#pick()
  }

  /** In a new page, from what the browser has of the file; who has to, picks it. */
  async #killAndGoOn(): Promise<void> {
    this.#kill()
    const { uploader } = this.#tab()
    const goOn = async (): Promise<Upload> => {
      const unfinished = await uploader.unfinished()
      const mine = unfinished.find(({ needs }) => needs !== 'file')
      if (mine === undefined) throw new Error('Nothing goes on without a pick.')
      return mine.resume()
    }
    const upload = await this.world.clock.run(goOn().catch(() => null))
    if (upload === null) {
      this.file = this.#picked(this.file.bytes)
      this.#add(uploader.upload(this.file))
    } else {
      this.#continued.add(upload)
      this.#add(upload)
    }
  }

  async #do({ kind, part }: Deed): Promise<void> {
    const { world } = this
    switch (kind) {
      case 'pause':
        return this.#pauseAndWatch()
      case 'resume': {
        this.current.resume()
        return
      }
      case 'cancel': {
        this.#cancel(this.current)
        return
      }
      case 'kill and pick again': {
        this.#killAndPick()
        return
      }
      case 'kill and go on':
        return this.#killAndGoOn()
      case 'second tab': {
        if (this.#live.size < 2) this.#pick()
        return
      }
      case 'offline for hours': {
        const before = world.weather
        world.weather = () => 'lost-before'
        await world.clock.pass(5 * 3_600_000)
        world.weather = before
        return
      }
      case 'restart the server': {
        world.server.restart(3_000)
        return
      }
      case 'end all permissions': {
        world.store.expireTokens()
        return
      }
      case 'lose a part': {
        for (const { parts } of world.store.uploads.values()) parts.delete(part)
        for (const { key, uploadId } of world.server.list({ state: 'open' }).uploads) {
          if (uploadId === null) world.store.objects.delete(key)
        }
        return
      }
      case 'lose the upload': {
        world.store.uploads.clear()
        return
      }
      case 'edit the file':
      case 'edit unseen': {
        this.#edit(part, kind === 'edit unseen')
        return
      }
      case 'edit and pick again': {
        this.#edit(part, false)
        this.#killAndPick()
        return
      }
      case 'truncate the file':
      case 'truncate and pick again': {
        this.#become(this.file.bytes.slice(0, part * partSize - 7), false)
        if (kind === 'truncate and pick again') this.#killAndPick()
        return
      }
      case 'remove the file': {
        this.file.remove()
        if (this.#handle !== null) this.#handle.file = null
        return
      }
      case 'clock jumps': {
        world.clock.skew += 7_200_000
        return
      }
    }
  }

  #edit(part: number, unseen: boolean): void {
    const bytes = this.file.bytes.slice()
    const at = Math.min((part - 1) * partSize, bytes.length - 1)
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    this.#become(bytes, unseen)
  }

  #become(bytes: Uint8Array, unseen: boolean): void {
    this.states.push(bytes)
    this.file.edit(bytes, unseen)
    if (this.#handle !== null) this.#handle.file = new SimFile(bytes, 'film.mp4', this.#plot.failsWhenChanged)
  }

  /** As a person does: again, should it fail. */
  #cancel(upload: Upload): void {
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
    this.cancels.push({ upload, ended: untilDone() })
  }

  async #pauseAndWatch(): Promise<void> {
    this.current.pause()
    if (this.current.snapshot.state !== 'paused') return
    const transport = this.tabs.at(-1)?.transport
    const sent = transport?.sent.length
    await this.world.clock.pass(60_000)
    expect(transport?.sent.length).toBe(sent)
    expect(transport?.inFlight).toBe(0)
  }

  /** In the register, and as many fragments in the store as the register knows of. */
  #expectOneOpen(): void {
    const open = this.world.server.list({ state: 'open' }).uploads
    const identities = open.map(({ identity }) => identity)
    expect(new Set(identities).size).toBe(open.length)
    const known = new Set(open.map(({ uploadId }) => uploadId))
    expect([...this.world.store.uploads.keys()].filter((uploadId) => !known.has(uploadId))).toEqual([])
  }
}
