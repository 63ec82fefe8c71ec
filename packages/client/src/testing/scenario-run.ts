import { expect } from 'vitest'
import type { OnDuplicate } from '../duplicate-types.js'
import { UploadError } from '../upload-types.js'
import type { Upload } from '../upload-types.js'
import type { UploaderExtensions } from '../uploader-extensions.js'
import { partCount } from './scenario.js'
import type { Step, Scenario } from './scenario.js'
import { contentOf, SimWorld } from './sim-world.js'
import { SimUser } from './sim-user.js'
import type { SimSent } from './sim-transport.js'

const partSize = 32
const size = partSize * partCount - 5

interface Cancel {
  readonly upload: Upload
  readonly ended: Promise<unknown>
}

/** Plays a {@link Scenario} with one file, and checks invariants. */
export class ScenarioRun {
  readonly world: SimWorld
  readonly user: SimUser
  readonly cancels: Cancel[] = []
  /** Results or errors of the uploads of tabs that were left, the last pick's last. */
  readonly outcomes: unknown[] = []
  /** Every content that the file has had. */
  readonly states: Uint8Array[]
  readonly #scenario: Scenario

  /**
   * @param onDuplicate duplicate decision of every page
   * @param extensions extensions of each page; absent: all
   */
  constructor(scenario: Scenario, onDuplicate: OnDuplicate = 'copy', extensions?: UploaderExtensions) {
    this.#scenario = scenario
    let number = scenario.seed
    const random = (): number => {
      number = (Math.imul(number, 1103515245) + 12345) >>> 0
      return number / 2 ** 32
    }
    this.world = new SimWorld({ ...scenario, partSize, random, largestSingle: scenario.isSmall ? size : 0 })
    const wanted = { onDuplicate, ...(extensions !== undefined && { extensions }) }
    this.user = new SimUser(this.world, scenario, wanted, contentOf(size, scenario.seed))
    this.states = [this.user.file.bytes]
    const faults = [...scenario.faults]
    this.world.nextFault = () => faults.shift() ?? null
    this.user.pick()
  }

  /** The upload that was picked last. */
  get current(): Upload {
    return this.user.current
  }

  /**
   * Upload id and number of each part that a tab began to send after any tab had seen it acknowledged, even if it did
   * not arrive again.
   */
  get sentAgain(): readonly string[] {
    const sent = this.user.tabs.flatMap(({ transport }) => transport.sent)
    const isAgain = ({ path, startedAt }: SimSent): boolean =>
      sent.some((put) => put.path === path && put.acknowledgedAt !== null && put.acknowledgedAt <= startedAt)
    return sent.filter(isAgain).map(({ path }) => path)
  }

  /** Whether the scenario has a step of a matching kind. */
  did(pattern: RegExp): boolean {
    return this.#scenario.steps.some(({ kind }) => pattern.test(kind))
  }

  /**
   * Plays to the end: in the end no more faults occur, paused uploads are resumed, and the upload of every open tab
   * ends. Resolves with the result of the last upload.
   */
  async play(): Promise<unknown> {
    const { clock } = this.world
    for (const step of this.#scenario.steps) {
      await clock.pass(step.after)
      await this.#do(step)
      this.#expectOneOpen()
    }
    this.world.nextFault = () => null
    for (const upload of this.user.live) upload.resume()
    this.outcomes.push(...(await this.#ends()))
    this.#expectOneOpen()
    await clock.run(Promise.all(this.cancels.map(({ ended }) => ended)))
    return this.outcomes.at(-1)
  }

  /** How the upload of each remaining tab ends. A file whose copy is unusable is picked again. */
  async #ends(): Promise<readonly unknown[]> {
    const { clock } = this.world
    const endOf = (upload: Upload): Promise<unknown> => upload.done.catch((error: unknown) => error)
    const ends: unknown[] = []
    for (const upload of [...this.user.live]) {
      const end = await clock.run(endOf(upload))
      const isAsked =
        end instanceof UploadError && end.code === 'file-unreadable' && this.user.resumed.has(upload)
      if (!isAsked) {
        ends.push(end)
        continue
      }
      this.user.pickAgain()
      ends.push(await clock.run(endOf(this.current)))
    }
    return ends
  }

  async #do({ kind, part }: Step): Promise<void> {
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
        this.user.killAndPick()
        return
      }
      case 'kill and resume':
        return this.user.killAndResume()
      case 'second tab': {
        if (this.user.live.size < 2) this.user.pick()
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
      case 'expire all grants': {
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
        this.user.killAndPick()
        return
      }
      case 'truncate the file':
      case 'truncate and pick again': {
        this.#become(this.user.file.bytes.slice(0, part * partSize - 7), false)
        if (kind === 'truncate and pick again') this.user.killAndPick()
        return
      }
      case 'remove the file': {
        this.user.removeFile()
        return
      }
      case 'clock jumps': {
        world.clock.skew += 7_200_000
        return
      }
    }
  }

  #edit(part: number, unseen: boolean): void {
    const bytes = this.user.file.bytes.slice()
    const at = Math.min((part - 1) * partSize, bytes.length - 1)
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    this.#become(bytes, unseen)
  }

  #become(bytes: Uint8Array, unseen: boolean): void {
    this.states.push(bytes)
    this.user.editFile(bytes, unseen)
  }

  /** Cancels, and retries if that fails, as a user does. */
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
    const transport = this.user.tabs.at(-1)?.transport
    const sent = transport?.sent.length
    await this.world.clock.pass(60_000)
    expect(transport?.sent.length).toBe(sent)
    expect(transport?.inFlight).toBe(0)
  }

  /** Expects one record for each fingerprint, and no multipart upload in the store without a record. */
  #expectOneOpen(): void {
    const open = this.world.server.list({ state: 'open' }).uploads
    const identities = open.map(({ identity }) => identity)
    expect(new Set(identities).size).toBe(open.length)
    const known = new Set(open.map(({ uploadId }) => uploadId))
    expect([...this.world.store.uploads.keys()].filter((uploadId) => !known.has(uploadId))).toEqual([])
  }
}
