import { abortScope } from '../abort-scope.js'
import { rangeOf, sizeOf } from '../part-plan.js'
import type { Clock, RememberedPart } from '../seams.js'
import type { Session } from '../session.js'
import type { Upload } from '../upload-types.js'
import { headStart, restAfter } from './copy-pace.js'
import { handleOf } from './file-handles.js'
import type { Keeping, RememberedSource } from './keeping.js'
import { crcsOf, newCopy, wholeCopy } from './kept-copy.js'
import type { KeptCopy } from './kept-copy.js'
import { checkOneState } from './one-state.js'

/** Milliseconds between looks whether there is room by now. */
const roomInterval = 30_000

/**
 * Keeps hold of files while they are uploaded, so that a later page goes on without a pick: remembers the handle of
 * one that has a handle, and copies those parts of others that the store has not acknowledged. From the last part
 * backwards, for the sending comes from the front: so each byte that is copied is one that was still to be sent, and
 * the copy is whole when the two meet.
 *
 * Whatever fails here ends the keeping of that file and nothing else.
 */
export class PartKeeper {
  readonly #keeping: Keeping
  readonly #clock: Clock
  /** Bytes. */
  readonly #limit: number
  readonly #copies = new Map<string, KeptCopy>()
  /** By identity: a run begins when the one before has ended. */
  readonly #running = new Map<string, Promise<void>>()
  readonly #givenUp = new Set<string>()
  /** Bytes that copies under way have still to write, by identity. */
  readonly #promised = new Map<string, number>()

  /** @param limit most bytes of all copies together, however much room there is */
  constructor(keeping: Keeping, clock: Clock, limit: number) {
    this.#keeping = keeping
    this.#clock = clock
    this.#limit = limit
  }

  /** Begins, or goes on, beside the sending of `session`, until `signal` ends it. */
  keep(session: Session, signal: AbortSignal): void {
    const { identity, mode } = session.upload
    if (mode === 'single' || this.#givenUp.has(identity)) return
    const before = this.#running.get(identity) ?? Promise.resolve()
    const running = before
      .then(() => this.#keep(session, signal))
      .catch(() => (signal.aborted ? undefined : this.giveUp(identity)))
      // What does not even let itself be cleaned away is left to the next page.
      .catch(() => undefined)
    this.#running.set(identity, running)
  }

  /** A part was acknowledged, and that is remembered: its piece is no longer needed. */
  async acknowledged(identity: string, { partNumber, crc64 }: RememberedPart): Promise<void> {
    const copy = this.#copies.get(identity)
    if (copy === undefined) return
    const copied = copy.crcs.get(partNumber)
    // Sent was another state of the file than was copied: the two together would be a mix.
    if (copied !== undefined && copied !== crc64) await this.giveUp(identity)
    else if (copy.present.delete(partNumber)) await this.#keeping.pieces.free(identity, partNumber)
  }

  /** The upload is done, or gone: nothing of it is needed any more. */
  async ended(identity: string): Promise<void> {
    this.#forget(identity)
    await this.#keeping.sources.delete(identity)
    await this.#keeping.pieces.drop(identity)
  }

  /** No copy of this file, as long as this page lives. What is remembered of it besides stays. */
  async giveUp(identity: string): Promise<void> {
    this.#givenUp.add(identity)
    this.#forget(identity)
    const source = await this.#keeping.sources.get(identity)
    if (source !== null) {
      const { crcs, ...rest } = source
      if (crcs !== undefined) await this.#keeping.sources.put(rest)
    }
    await this.#keeping.pieces.drop(identity)
  }

  /** Notes that somebody pauses `upload`, so that a later page leaves it so. @param isLeaving it pauses because the page goes */
  watch(upload: Pick<Upload, 'id' | 'on'>, isLeaving: () => boolean): void {
    let paused = false
    upload.on('change', ({ state }) => {
      const before = paused
      paused = state === 'paused'
      if (!paused || before || isLeaving() || upload.id === null) return
      this.#notePause(upload.id).catch(() => undefined)
    })
  }

  /**
   * Cleans up after pages that were killed: what belongs to no upload, or to one that the server has swept.
   *
   * @param open the server's ids of this owner's open uploads; there may be other owners in this browser
   */
  async sweep(open: readonly string[]): Promise<void> {
    const { sources, pieces } = this.#keeping
    try {
      for (const { identity, id, expiresAt } of await sources.all()) {
        if (!open.includes(id) && expiresAt < this.#clock.wallTime()) await this.ended(identity)
      }
      await pieces.keepOnly(async () => (await sources.all()).map(({ identity }) => identity))
    } catch {
      // The next page tries again.
    }
  }

  async #notePause(id: string): Promise<void> {
    const { sources } = this.#keeping
    const source = (await sources.all()).find((one) => one.id === id)
    if (source !== undefined) await sources.put({ ...source, paused: true })
  }

  async #keep(session: Session, signal: AbortSignal): Promise<void> {
    const { sources, pieces } = this.#keeping
    const { file, upload, plan } = session
    const { identity } = upload
    const before = await sources.get(identity)
    const source = sourceOf(session)
    const crcs = before?.partSize === plan.partSize ? before.crcs : undefined
    const handle = handleOf(file)
    signal.throwIfAborted()
    if (file.known !== undefined) {
      // Sent from the copy: it only grows smaller.
      if (crcs === undefined) return
      await sources.put({ ...source, crcs })
      this.#copies.set(identity, wholeCopy(identity, await pieces.partNumbers(identity), crcs))
    } else if (handle !== null) {
      await sources.put({ ...source, handle })
      await pieces.drop(identity)
    } else {
      await sources.put(crcs === undefined ? source : { ...source, crcs })
      const copy = this.#copies.get(identity) ?? (await this.#copyOf(identity, crcs))
      this.#copies.set(identity, copy)
      await this.#copyAll(session, copy, signal)
    }
  }

  /** What an earlier page has copied is of use when it is whole; else nothing is known of its pieces. */
  async #copyOf(identity: string, crcs: readonly string[] | undefined): Promise<KeptCopy> {
    const { pieces } = this.#keeping
    if (crcs !== undefined) return wholeCopy(identity, await pieces.partNumbers(identity), crcs)
    await pieces.drop(identity)
    return newCopy(identity)
  }

  async #copyAll(session: Session, copy: KeptCopy, until: AbortSignal): Promise<void> {
    const { controller, close } = abortScope(until)
    const onStop = (): void => controller.abort(copy.stop.signal.reason)
    copy.stop.signal.addEventListener('abort', onStop, { once: true })
    const { signal } = controller
    try {
      await this.#clock.sleep(headStart, signal)
      await this.#roomFor(session, copy, signal)
      await this.#copyMissing(session, copy, signal)
      if (!copy.whole) await this.#becomeWhole(session, copy, signal)
    } catch (error) {
      if (!copy.stop.signal.aborted) throw error
    } finally {
      this.#promised.delete(copy.identity)
      copy.stop.signal.removeEventListener('abort', onStop)
      close()
    }
  }

  async #copyMissing(session: Session, copy: KeptCopy, signal: AbortSignal): Promise<void> {
    const { file, plan, receipts } = session
    const { identity } = copy
    for (let partNumber = plan.partCount; partNumber >= 1; partNumber--) {
      if (receipts.has(partNumber) || copy.present.has(partNumber)) continue
      const { start, end } = rangeOf(plan, partNumber)
      const began = this.#clock.now()
      const slice = file.slice(start, end)
      const crc64 = await this.#keeping.pieces.keep(identity, partNumber, slice, signal)
      signal.throwIfAborted()
      const known = copy.crcs.get(partNumber)
      if (known !== undefined && known !== crc64) throw new Error('The file is not what was copied before.')
      copy.present.add(partNumber)
      copy.crcs.set(partNumber, crc64)
      this.#promised.set(identity, (this.#promised.get(identity) ?? 0) - (end - start))
      const receipt = receipts.get(partNumber)
      if (receipt !== undefined) await this.acknowledged(identity, { partNumber, ...receipt })
      await this.#rest(session, this.#clock.now() - began, signal)
    }
  }

  async #becomeWhole(session: Session, copy: KeptCopy, signal: AbortSignal): Promise<void> {
    const crcs = crcsOf(copy, session.receipts, session.plan.partCount)
    if (crcs === null) return
    for (const [index, crc64] of crcs.entries()) copy.crcs.set(index + 1, crc64)
    await checkOneState(session, crcs, (took) => this.#rest(session, took, signal), signal)
    signal.throwIfAborted()
    copy.whole = true
    await this.#keeping.sources.put({ ...sourceOf(session), crcs })
  }

  /** Resolves once all that is missing fits: less of it is missing with each part that is acknowledged. */
  async #roomFor(session: Session, copy: KeptCopy, signal: AbortSignal): Promise<void> {
    for (;;) {
      const missing = missingBytes(session, copy)
      const others = [...this.#promised.values()].reduce((sum, bytes) => sum + bytes, 0)
      const room = Math.min(this.#limit, (await this.#keeping.room()) / 2)
      if (missing + others <= room) {
        this.#promised.set(copy.identity, missing)
        return
      }
      await this.#clock.sleep(roomInterval, signal)
    }
  }

  #rest({ meter }: Session, took: number, signal: AbortSignal): Promise<void> {
    return this.#clock.sleep(restAfter(took, meter.snapshot(this.#clock.now()).speed), signal)
  }

  #forget(identity: string): void {
    this.#copies.get(identity)?.stop.abort(new Error('The copy is no longer wanted.'))
    this.#copies.delete(identity)
  }
}

function sourceOf({ file, upload, plan }: Session): RememberedSource {
  const { identity, id, expiresAt } = upload
  const { name, size, type } = file
  const { partSize } = plan
  return { identity, id, name, size, type, partSize, expiresAt: Date.parse(expiresAt), paused: false }
}

function missingBytes({ plan, receipts }: Session, { present }: KeptCopy): number {
  let bytes = 0
  for (let partNumber = 1; partNumber <= plan.partCount; partNumber++) {
    if (!receipts.has(partNumber) && !present.has(partNumber)) bytes += sizeOf(plan, partNumber)
  }
  return bytes
}
