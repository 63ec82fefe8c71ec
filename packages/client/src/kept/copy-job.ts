import { rangeOf, sizeOf } from '@carryon/protocol'
import type { Clock } from '../seams.js'
import type { Session } from '../upload/session.js'
import { crc64TypeOf } from '../backend/upload-backend.js'
import { headStart, isEnding, restAfter } from './copy-pace.js'
import type { UploadProgress } from '../upload-types.js'
import type { PieceStore } from './keeping.js'
import { crcsOf } from './kept-copy.js'
import type { KeptCopy } from './kept-copy.js'
import { checkOneState } from './one-state.js'
import type { Room } from './room.js'

/** Milliseconds between looks at a sending that is too fast to copy beside it, or about to end. */
const lookAgain = 1_000

/** What a {@link CopyJob} tells of. */
export interface CopyEvents {
  /** A part was copied that had been acknowledged meanwhile. */
  late(partNumber: number, crc64: string): Promise<void>
  /** Everything that is not acknowledged is kept, and all is of one state. */
  whole(crcs: readonly string[]): Promise<void>
}

/**
 * Copies what of one file is not acknowledged. From the last part backwards, for the sending comes from the front: so
 * each byte that is copied is one that was still to be sent, and the copy is whole when the two meet.
 */
export class CopyJob {
  readonly #pieces: PieceStore
  readonly #clock: Clock
  readonly #room: Room
  readonly #session: Session
  readonly #copy: KeptCopy
  readonly #events: CopyEvents
  #began = 0

  constructor(
    pieces: PieceStore,
    clock: Clock,
    room: Room,
    session: Session,
    copy: KeptCopy,
    events: CopyEvents,
  ) {
    this.#pieces = pieces
    this.#clock = clock
    this.#room = room
    this.#session = session
    this.#copy = copy
    this.#events = events
  }

  /** Rejects when there turns out to be no room, or the file is not what it was; with the signal's reason. */
  async run(signal: AbortSignal): Promise<void> {
    this.#began = this.#clock.now()
    try {
      await this.#clock.sleep(headStart, signal)
      while (this.#isEnding()) await this.#clock.sleep(lookAgain, signal)
      await this.#room.enter(this.#copy, () => this.#missingBytes(), signal)
      await this.#copyMissing(signal)
      if (!this.#copy.whole) await this.#becomeWhole(signal)
    } finally {
      this.#room.leave(this.#copy)
    }
  }

  async #copyMissing(signal: AbortSignal): Promise<void> {
    const { file, plan, receipts } = this.#session
    const { identity, present, crcs } = this.#copy
    const crc64Type = crc64TypeOf(this.#session.upload)
    for (let partNumber = plan.partCount; partNumber >= 1; partNumber--) {
      if (receipts.has(partNumber) || present.has(partNumber)) continue
      const { start, end } = rangeOf(plan, partNumber)
      const began = this.#clock.now()
      const crc64 = await this.#pieces.keep(identity, partNumber, file.slice(start, end), crc64Type, signal)
      signal.throwIfAborted()
      const known = crcs.get(partNumber)
      if (known !== undefined && known !== crc64) throw new Error('The file is not what was copied before.')
      present.add(partNumber)
      crcs.set(partNumber, crc64)
      this.#room.taken(this.#copy, end - start)
      const receipt = receipts.get(partNumber)
      if (receipt !== undefined) await this.#events.late(partNumber, receipt.crc64)
      await this.#rest(end - start, this.#clock.now() - began, signal)
    }
  }

  async #becomeWhole(signal: AbortSignal): Promise<void> {
    const crcs = crcsOf(this.#copy, this.#session.receipts, this.#session.plan.partCount)
    if (crcs === null) return
    for (const [index, crc64] of crcs.entries()) this.#copy.crcs.set(index + 1, crc64)
    const rest = (bytes: number, took: number): Promise<void> => this.#rest(bytes, took, signal)
    await checkOneState(this.#session, crcs, rest, signal)
    // What is in no piece has to be known as acknowledged, or nobody who comes later finds the copy whole.
    await this.#session.engine.memory.settled()
    signal.throwIfAborted()
    this.#copy.whole = true
    await this.#events.whole(crcs)
  }

  #missingBytes(): number {
    const { plan, receipts } = this.#session
    let bytes = 0
    for (let partNumber = 1; partNumber <= plan.partCount; partNumber++) {
      if (!receipts.has(partNumber) && !this.#copy.present.has(partNumber)) bytes += sizeOf(plan, partNumber)
    }
    return bytes
  }

  async #rest(bytes: number, took: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const rest = restAfter(bytes, took, this.#progress(), this.#clock.now() - this.#began)
      await this.#clock.sleep(rest ?? lookAgain, signal)
      if (rest !== null) return
    }
  }

  #isEnding(): boolean {
    return isEnding(this.#progress(), this.#session.meter.carriedPerSecond(this.#clock.now()))
  }

  #progress(): UploadProgress {
    return this.#session.meter.snapshot(this.#clock.now())
  }
}
