import { AlreadyThere } from './already-there.js'
import type { Way } from './already-there.js'
import { Delivery } from './delivery.js'
import type { OnDuplicate } from '../duplicate-types.js'
import type { Engine } from '../engine.js'
import { completed } from './finish.js'
import { FileSeat } from './file-seat.js'
import { contentIdentity, fingerprint, largestSingle, smallFileSize } from '../content/identity.js'
import type { Fingerprint } from '../content/identity.js'
import { isContentOf } from '../content/same-content.js'
import type { ProgressMeter } from './progress.js'
import { mostInFlight } from '../transfer/part-sizing.js'
import type { FileSource, RememberedHead } from '../seams.js'
import { ServerCalls, termsOf } from './server-calls.js'
import { aboutFile, isGone } from './session.js'
import type { UploadEvent } from '../core/state.js'
import type { Turn } from '../tabs/turn.js'
import { BackendError, isOver } from '../backend/backend-error.js'
import type { RegisteredUpload } from '@carryon/protocol'
import { fileChanged, toUploadError } from './upload-errors.js'
import { resultOf } from './upload-result.js'
import { UploadError } from '../upload-types.js'
import type { DuplicateCheck, UploadResult } from '../upload-types.js'

/** What a file has to be, when the upload of an earlier page is taken up. */
export interface Expected {
  /** The server's; absent where nobody knows it. */
  readonly id?: string
  readonly identity: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Nobody picked the file: it is what this browser holds for that very upload. */
  readonly kept?: boolean
}

/** What somebody wants of an upload, beyond that it succeeds. */
export interface Wishes {
  readonly expected: Expected | null
  readonly onDuplicate: OnDuplicate
}

/** Openings in a row without an acknowledged part between, after which something is wrong for good. */
const maxFruitlessOpenings = 3

type Tell = (event: UploadEvent) => void

/**
 * The way of one file: its identity, its turn among tabs and files, and its {@link Delivery}. {@link run} goes it to the
 * end and may be aborted and run again at any point: what was acknowledged and verified is not done twice.
 */
export class Passage {
  readonly #engine: Engine
  readonly #calls: ServerCalls
  readonly #file: FileSource
  readonly #expected: Expected | null
  readonly #alreadyThere: AlreadyThere
  readonly #delivery: Delivery
  readonly #turn: Turn
  #fingerprint: Fingerprint | null = null

  constructor(
    engine: Engine,
    file: FileSource,
    { expected, onDuplicate }: Wishes,
    turn: Turn,
    meter: ProgressMeter,
    onProgress: () => void,
  ) {
    this.#engine = engine
    this.#calls = new ServerCalls(engine)
    this.#file = file
    this.#expected = expected
    this.#alreadyThere = new AlreadyThere(engine, this.#calls, file, onDuplicate, onProgress)
    this.#delivery = new Delivery(engine, this.#calls, file, this.#alreadyThere, meter, onProgress)
    this.#turn = turn
  }

  /** The server's id, once open. */
  get id(): string | null {
    return this.#delivery.upload?.id ?? null
  }

  /** Of the upload that goes on without a pick, opened here or not yet. */
  get keptId(): string | null {
    return this.#expected?.kept === true ? (this.#expected.id ?? null) : null
  }

  get resumedBytes(): number {
    return this.#delivery.resumedBytes
  }

  get duplicate(): DuplicateCheck | null {
    return this.#alreadyThere.check
  }

  /** Whether only the server knows if the upload is done. */
  get isFinishing(): boolean {
    return this.#delivery.isFinishing
  }

  /** Goes on to the end. Rejects with any error of the seams, or with the signal's reason. */
  async run(signal: AbortSignal, tell: Tell): Promise<UploadResult> {
    const queue = (): void => tell({ type: 'wait', reason: 'queue' })
    const seat = new FileSeat(this.#engine.slots, this.#file.size)
    await seat.take(signal, queue)
    try {
      tell({ type: 'identify' })
      const named = this.#rememberedByName()
      const print = await this.#identify(signal)
      this.#engine.continued.giveWay(print.identity, this.#file)
      await this.#turn.take(print.identity, signal, (reason) => {
        // Who waits for another tab, perhaps for hours, keeps no other file waiting.
        seat.leave()
        tell({ type: 'wait', reason })
      })
      await seat.take(signal, queue)
      await this.#findEarlier(print, await named, { seat, signal, tell })
      await this.#file.refresh?.()
      return await this.#carryThrough(print, { seat, signal, tell })
    } finally {
      seat.leave()
    }
  }

  /** See {@link Sending.drain}. */
  drain(): Promise<void> | null {
    return this.#delivery.drain()
  }

  /**
   * Removes what the server and the store hold; call it when no {@link run} is under way.
   *
   * @param elsewhere the id of the upload when another tab had opened it
   * @returns the result when it turns out that the upload was done already
   */
  async discard(signal: AbortSignal, elsewhere: string | null): Promise<UploadResult | null> {
    const print = this.#fingerprint
    const own = print === null ? this.id : await this.#delivery.openId(print, signal)
    const id = own ?? elsewhere ?? this.keptId
    if (id === null) return null
    try {
      await this.#calls.cancel(id, { signal })
    } catch (error) {
      if (!isOver(error)) throw error
      // Finished elsewhere: whether it is this file's content nobody has shown.
      if (error.code === 'already-done' && own !== null) {
        const ask = (): Promise<RegisteredUpload> => this.#calls.get(id, { signal })
        const finished = await completed(ask, this.#engine.clock, signal)
        await this.#forgetUpload()
        return resultOf(finished, this.#delivery.verifiedBy)
      }
    }
    await this.#forgetUpload()
    return null
  }

  /** Whether the upload that another tab finished is of this file. It is told as finishing: it is the last check. */
  async isDoneBy(result: UploadResult, signal: AbortSignal, tell: Tell): Promise<boolean> {
    tell({ type: 'finish' })
    return isContentOf(this.#engine, this.#file, result, signal)
  }

  /** The file is not what it was: all that was verified against it says nothing any more. */
  forget(): void {
    this.#fingerprint = null
    this.#alreadyThere.forget()
    this.#delivery.forget()
  }

  async #identify(signal: AbortSignal): Promise<Fingerprint> {
    const { hasher, pool, readPlaces, usual } = this.#engine
    const { speed } = pool
    const singleUpTo = largestSingle(speed === null ? null : mostInFlight(speed, 0))
    const leave = this.#file.size <= smallFileSize ? await readPlaces.enter(signal) : () => undefined
    const print = await fingerprint(this.#file, hasher, usual.crc64Type, signal, singleUpTo).finally(leave)
    const wanted = this.#expected
    if (wanted !== null && print.identity === contentIdentity(wanted.identity)) {
      this.#calls.wanted = { identity: wanted.identity, ...this.#calls.wanted }
    } else if (wanted !== null && (wanted.name !== this.#file.name || print.md5 !== null)) {
      throw this.#notExpected(wanted)
    }
    if (this.#fingerprint !== null && this.#fingerprint.identity !== print.identity) {
      throw fileChanged(aboutFile(this.#file))
    }
    this.#fingerprint = print
    return print
  }

  /**
   * A file that grew, or was edited where the samples are, has another identity than when its upload began. What is still
   * equal of that upload's parts is not sent again.
   */
  async #findEarlier(
    print: Fingerprint,
    remembered: readonly RememberedHead[],
    { signal, tell }: Way,
  ): Promise<void> {
    const wanted = this.#expected
    const candidates = wanted === null ? remembered : [wanted]
    const others = candidates.filter(({ identity }) => contentIdentity(identity) !== print.identity)
    if (others.length === 0 || this.#delivery.upload !== null) return
    const kept = await this.#engine.loadKept().catch(() => null)
    const terms = termsOf(signal, tell)
    const earlier = (await kept?.earlierState(this.#engine, this.#calls, this.#file, others, terms)) ?? null
    tell({ type: 'identify' })
    if (earlier === null) {
      if (wanted !== null) throw this.#notExpected(wanted)
      return
    }
    this.#calls.wanted = { continues: earlier.id }
    this.#delivery.earlier = earlier
  }

  /** Read while the file is identified. Of what goes as one PUT nothing is remembered. */
  async #rememberedByName(): Promise<readonly RememberedHead[]> {
    const { size, name, known } = this.#file
    if (size <= smallFileSize || known !== undefined || this.#delivery.upload !== null) return []
    return (await this.#engine.memory.all(name)).filter((upload) => upload.name === name)
  }

  #notExpected({ name, size }: Expected): UploadError {
    return new UploadError(
      'file-changed',
      `${aboutFile(this.#file)} is not the file that this upload began with: "${name}" of ${size} ` +
        'bytes is expected. Pick that one, or upload this one anew.',
    )
  }

  async #forgetUpload(): Promise<void> {
    const kept = this.keptId === null ? null : this.#expected
    const { identity } = this.#delivery.upload ?? kept ?? this.#fingerprint ?? {}
    if (identity !== undefined) await this.#engine.memory.delete(identity)
  }

  /** Opens anew when the upload is gone, or the store lacks parts that it had acknowledged. */
  async #carryThrough(print: Fingerprint, way: Way): Promise<UploadResult> {
    for (let fruitless = 0; ;) {
      const before = this.#delivery.parts
      try {
        const result = await this.#delivery.run(print, way)
        // Not waited for: what a crash leaves of it is cleaned away by the next page.
        if (this.#delivery.upload?.mode !== 'single') void this.#forgetUpload()
        return result
      } catch (error) {
        const missing = missingParts(error)
        if (missing === null) throw error
        fruitless = this.#delivery.parts > before ? 0 : fruitless + 1
        if (fruitless >= maxFruitlessOpenings) throw toUploadError(error, aboutFile(this.#file))
        this.#delivery.lost(missing)
      }
    }
  }
}

/** Part numbers that have to be sent after `error`, beyond what a new opening tells; `null` when opening helps nothing. */
function missingParts(error: unknown): readonly number[] | null {
  if (error instanceof BackendError && error.code === 'parts-mismatch') return error.partNumbers
  return isGone(error) ? [] : null
}
