import { adoptFinished } from './adopt-finished.js'
import { AlreadyThere } from './already-there.js'
import type { DuplicateCheck, OnDuplicate } from './duplicate-types.js'
import type { Engine } from './engine.js'
import { checkFinished, claimOf, completed, recheck } from './finish.js'
import { FileSeat } from './file-seat.js'
import { fingerprint } from './identity.js'
import type { Fingerprint } from './identity.js'
import { isContentOf } from './same-content.js'
import { Permission } from './permission.js'
import type { ProgressMeter } from './progress.js'
import type { Receipt } from './receipt.js'
import type { FileSource, RememberedPart } from './seams.js'
import { ServerCalls, termsOf } from './server-calls.js'
import { aboutFile, planOf, UploadGone } from './session.js'
import type { Session } from './session.js'
import type { UploadEvent } from './state.js'
import { transfer } from './transfer.js'
import type { Turn } from './turn.js'
import { BackendError } from './upload-backend.js'
import type { CompleteClaim, OpenedUpload, RegisteredUpload } from './upload-backend.js'
import { fileChanged, toUploadError } from './upload-errors.js'
import { resultOf } from './upload-result.js'
import type { Verification } from './upload-result.js'
import { UploadError } from './upload-types.js'
import type { UploadResult } from './upload-types.js'

/** What a file has to be, when the upload of an earlier page is taken up. */
export interface Expected {
  readonly identity: string
  readonly name: string
  /** Bytes. */
  readonly size: number
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
 * The way of one file: identity, open, parts, verify, finish. {@link run} goes it to the end and may be aborted and
 * run again at any point: what was acknowledged and verified is kept here and not done twice.
 */
export class Passage {
  readonly #engine: Engine
  readonly #calls: ServerCalls
  readonly #file: FileSource
  readonly #expected: Expected | null
  readonly #alreadyThere: AlreadyThere
  readonly #turn: Turn
  readonly #meter: ProgressMeter
  readonly #onProgress: () => void
  readonly #receipts = new Map<number, Receipt>()
  readonly #verifiedBy = new Set<Verification>()
  #fingerprint: Fingerprint | null = null
  #upload: RegisteredUpload | null = null
  /** Set once complete was asked: only the server knows now whether it is done. */
  #claim: CompleteClaim | null = null
  /** An open was asked and no answer has come: the server may hold an upload that nobody here knows. */
  #isUnanswered = false
  #resumedBytes = 0
  /** Tells how the sending stands; `null` while nothing is sent. */
  #showTransfer: (() => void) | null = null

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
    this.#turn = turn
    this.#meter = meter
    this.#onProgress = onProgress
  }

  /** The server's id, once open. */
  get id(): string | null {
    return this.#upload?.id ?? null
  }

  get resumedBytes(): number {
    return this.#resumedBytes
  }

  get duplicate(): DuplicateCheck | null {
    return this.#alreadyThere.check
  }

  /** Whether only the server knows if the upload is done. */
  get isFinishing(): boolean {
    return this.#claim !== null
  }

  /** Goes on to the end. Rejects with any error of the seams, or with the signal's reason. */
  async run(signal: AbortSignal, tell: Tell): Promise<UploadResult> {
    const queue = (): void => tell({ type: 'wait', reason: 'queue' })
    const seat = new FileSeat(this.#engine.slots, this.#file.size)
    await seat.take(signal, queue)
    try {
      tell({ type: 'identify' })
      const print = await this.#identify(signal)
      this.#engine.continued.giveWay(print.identity, this.#file)
      await this.#turn.take(print.identity, signal, (reason) => {
        // Who waits for another tab, perhaps for hours, keeps no other file waiting.
        seat.leave()
        tell({ type: 'wait', reason })
      })
      await seat.take(signal, queue)
      await this.#file.refresh?.()
      return await this.#carryThrough(print, seat, signal, tell)
    } finally {
      seat.leave()
    }
  }

  /**
   * Removes what the server and the store hold; call it when no {@link run} is under way.
   *
   * @param elsewhere the id of the upload when another tab had opened it
   * @returns the result when it turns out that the upload was done already
   */
  async discard(signal: AbortSignal, elsewhere: string | null): Promise<UploadResult | null> {
    const print = this.#fingerprint
    if (print === null) return null
    // Opening again tells its id, for it answers the same upload; one known from before is gone if it is another.
    const isUnknown = this.#isUnanswered && !this.#alreadyThere.hasOnlyLooked
    const id = isUnknown
      ? (await this.#calls.open(this.#file, print, { signal })).upload.id
      : (this.#upload?.id ?? elsewhere)
    if (id === null) return null
    try {
      await this.#calls.cancel(id, { signal })
    } catch (error) {
      // Another tab's object: whether it is this file's content nobody has shown.
      if (isCode(error, 'already-done') && this.#upload === null && elsewhere !== null) return null
      if (isCode(error, 'already-done')) {
        const ask = (): Promise<RegisteredUpload> => this.#calls.get(id, { signal })
        const finished = await completed(ask, this.#engine.clock, signal)
        await this.#engine.memory.delete(print.identity)
        return resultOf(finished, this.#verifiedBy)
      }
      if (!isCode(error, 'upload-gone') && !isCode(error, 'not-found')) throw error
    }
    await this.#engine.memory.delete(print.identity)
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
    this.#claim = null
    this.#alreadyThere.forget()
    this.#dropReceipts()
  }

  async #identify(signal: AbortSignal): Promise<Fingerprint> {
    const print = await fingerprint(this.#file, this.#engine.hasher, signal)
    const wanted = this.#expected
    if (wanted !== null && print.identity !== wanted.identity) {
      throw new UploadError(
        'file-changed',
        `${aboutFile(this.#file)} is not the file that this upload began with: "${wanted.name}" of ${wanted.size} ` +
          'bytes is expected. Pick that one, or upload this one anew.',
      )
    }
    if (this.#fingerprint !== null && this.#fingerprint.identity !== print.identity) {
      throw fileChanged(aboutFile(this.#file))
    }
    this.#fingerprint = print
    return print
  }

  /** Opens anew when the upload is gone, or the store lacks parts that it had acknowledged. */
  async #carryThrough(
    print: Fingerprint,
    seat: FileSeat,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<UploadResult> {
    for (let fruitless = 0; ;) {
      const before = this.#receipts.size
      try {
        const result = await this.#approach(print, seat, signal, tell)
        if (this.#upload?.mode !== 'single') await this.#engine.memory.delete(print.identity)
        return result
      } catch (error) {
        const missing = missingParts(error)
        if (missing === null) throw error
        fruitless = this.#receipts.size > before ? 0 : fruitless + 1
        if (fruitless >= maxFruitlessOpenings) throw toUploadError(error, aboutFile(this.#file))
        this.#claim = null
        for (const partNumber of missing) this.#drop(partNumber)
      }
    }
  }

  async #approach(
    print: Fingerprint,
    seat: FileSeat,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<UploadResult> {
    if (this.#upload !== null && this.#claim !== null) {
      return resultOf(await this.#finish(this.#upload, this.#claim, signal, tell), this.#verifiedBy)
    }
    tell({ type: 'open' })
    this.#isUnanswered = true
    // Both at once: neither waits for the other on the way to the first byte.
    const [opened, known] = await Promise.all([
      this.#upload === null
        ? this.#alreadyThere.open(print, { seat, signal, tell })
        : this.#calls.open(this.#file, print, termsOf(signal, tell)),
      // Of what goes as one PUT nothing is remembered.
      print.md5 === null ? this.#engine.memory.get(print.identity) : null,
    ])
    this.#isUnanswered = false
    const { upload } = opened
    if ('by' in opened) {
      this.#upload = upload
      return { ...resultOf(upload, opened.by), reused: true }
    }
    if (this.#upload?.id !== upload.id || this.#upload.uploadId !== upload.uploadId) this.#dropReceipts()
    this.#upload = upload
    const session = this.#session(print, opened, signal, tell)
    if (upload.state !== 'open') {
      return resultOf(await this.#adopt(session, signal, tell), this.#verifiedBy)
    }
    const isKnown = known?.id === upload.id && known.uploadId === upload.uploadId
    if (!isKnown) this.#remember(upload)
    await this.#transfer(session, opened.parts, isKnown ? known.parts : [], signal, tell)
    tell({ type: 'finish' })
    await recheck(session, signal)
    this.#claim = claimOf(session)
    return resultOf(await this.#finish(upload, this.#claim, signal, tell), this.#verifiedBy)
  }

  async #transfer(
    session: Session,
    stored: OpenedUpload['parts'],
    remembered: readonly RememberedPart[],
    signal: AbortSignal,
    tell: Tell,
  ): Promise<void> {
    const { outage, clock } = this.#engine
    const show = (): void => {
      const reason = outage.visible
      tell(reason === null ? { type: 'transfer' } : { type: 'wait', reason })
    }
    show()
    this.#showTransfer = show
    this.#meter.begin(clock.now())
    const stopWatching = outage.onChange(show)
    const onFound = (bytes: number): void => {
      this.#resumedBytes += bytes
    }
    this.#engine.keeper?.keep(session)
    try {
      await transfer(session, { stored, remembered, onFound }, signal)
    } finally {
      stopWatching()
      this.#showTransfer = null
      this.#meter.end()
    }
  }

  async #finish(
    { id }: RegisteredUpload,
    claim: CompleteClaim,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<RegisteredUpload> {
    const ask = (): Promise<RegisteredUpload> => {
      tell({ type: 'finish' })
      return this.#calls.complete(id, claim, termsOf(signal, tell))
    }
    const finished = await completed(ask, this.#engine.clock, signal)
    checkFinished(finished, claim, this.#file)
    if (claim.crc64 !== undefined && finished.crc64 !== null) this.#verifiedBy.add('object-crc64')
    return finished
  }

  async #adopt(session: Session, signal: AbortSignal, tell: Tell): Promise<RegisteredUpload> {
    const { id, size } = session.upload
    const ask = (): Promise<RegisteredUpload> => {
      tell({ type: 'finish' })
      return this.#calls.get(id, termsOf(signal, tell))
    }
    tell({ type: 'finish' })
    const finished = await adoptFinished(session, ask, signal)
    this.#resumedBytes = size
    return finished
  }

  #session(print: Fingerprint, opened: OpenedUpload, signal: AbortSignal, tell: Tell): Session {
    const { storeClock, createSigner, clock } = this.#engine
    const { upload, checksums } = opened
    const plan = planOf(upload, this.#file)
    const permission = new Permission({
      upload,
      plan,
      first: opened,
      now: () => clock.now(),
      clock: storeClock,
      signal,
      renew: async (partNumbers, scope) => {
        // Trouble with a renewal ahead of time is nobody's concern while nothing is sent.
        const terms = termsOf(scope, (event) => {
          if (this.#showTransfer !== null) tell(event)
        })
        const renewed = await this.#calls.renewAccess(upload.id, partNumbers, terms)
        this.#showTransfer?.()
        return renewed
      },
      ...(createSigner === undefined ? {} : { createSigner }),
    })
    return {
      engine: this.#engine,
      file: this.#file,
      fingerprint: print,
      upload,
      plan,
      checksums,
      permission,
      receipts: this.#receipts,
      verifiedBy: this.#verifiedBy,
      meter: this.#meter,
      onProgress: this.#onProgress,
    }
  }

  /** Not waited for: it is only a memory, and the first byte is not to wait for a disk. */
  #remember({ mode, identity, id, uploadId, partSize }: RegisteredUpload): void {
    if (mode === 'single') return
    const { name, size } = this.#file
    void this.#engine.memory.begin({ identity, id, uploadId, partSize, name, size })
  }

  #drop(partNumber: number): void {
    this.#meter.lost(this.#receipts.get(partNumber)?.size ?? 0)
    this.#receipts.delete(partNumber)
  }

  #dropReceipts(): void {
    for (const partNumber of [...this.#receipts.keys()]) this.#drop(partNumber)
    this.#verifiedBy.clear()
    this.#resumedBytes = 0
  }
}

/** Part numbers that have to be sent after `error`, beyond what a new opening tells; `null` when opening helps nothing. */
function missingParts(error: unknown): readonly number[] | null {
  if (error instanceof BackendError && error.code === 'parts-mismatch') return error.partNumbers
  const gone = error instanceof UploadGone || isCode(error, 'upload-gone') || isCode(error, 'not-found')
  return gone ? [] : null
}

function isCode(error: unknown, code: BackendError['code']): boolean {
  return error instanceof BackendError && error.code === code
}
