import { adoptFinished } from './adopt-finished.js'
import { callBackend } from './backend-call.js'
import type { Engine } from './engine.js'
import { checkFinished, claimOf, completed, recheck } from './finish.js'
import { fingerprint } from './identity.js'
import type { Fingerprint } from './identity.js'
import { Permission } from './permission.js'
import { sizeOf } from './part-plan.js'
import type { ProgressMeter } from './progress.js'
import type { Receipt } from './receipt.js'
import type { FileSource, RememberedPart } from './seams.js'
import { aboutFile, planOf, UploadGone } from './session.js'
import type { Session } from './session.js'
import type { UploadEvent } from './state.js'
import { transfer } from './transfer.js'
import { BackendError } from './upload-backend.js'
import type { CompleteClaim, OpenedUpload, RegisteredUpload, RenewedAccess } from './upload-backend.js'
import { fileChanged, toUploadError } from './upload-errors.js'
import { UploadError } from './upload-types.js'
import type { UploadResult } from './upload-types.js'

/** What a file has to be, when the upload of an earlier page is taken up. */
export interface Expected {
  readonly identity: string
  readonly name: string
  /** Bytes. */
  readonly size: number
}

/** Openings in a row without an acknowledged part between, after which something is wrong for good. */
const maxFruitlessOpenings = 3
/** Times that the server may miss parts which the store had acknowledged. */
const maxRepairs = 5

type Tell = (event: UploadEvent) => void

/**
 * The way of one file: identity, open, parts, verify, finish. {@link run} goes it to the end and may be aborted and
 * run again at any point: what was acknowledged and verified is kept here and not done twice.
 */
export class Passage {
  readonly #engine: Engine
  readonly #file: FileSource
  readonly #expected: Expected | null
  readonly #meter: ProgressMeter
  readonly #onProgress: () => void
  readonly #receipts = new Map<number, Receipt>()
  readonly #verifiedBy = new Set<UploadResult['verified'][number]>()
  #fingerprint: Fingerprint | null = null
  #upload: RegisteredUpload | null = null
  /** Set once complete was asked: only the server knows now whether it is done. */
  #claim: CompleteClaim | null = null
  #mayBeOpen = false
  /** Tells how the sending stands; `null` while nothing is sent. */
  #showTransfer: (() => void) | null = null
  #resumedBytes = 0

  constructor(
    engine: Engine,
    file: FileSource,
    expected: Expected | null,
    meter: ProgressMeter,
    onProgress: () => void,
  ) {
    this.#engine = engine
    this.#file = file
    this.#expected = expected
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

  /** Whether only the server knows if the upload is done. */
  get isFinishing(): boolean {
    return this.#claim !== null
  }

  /** Goes on to the end. Rejects with any error of the seams, or with the signal's reason. */
  async run(signal: AbortSignal, tell: Tell): Promise<UploadResult> {
    const { slots, locks } = this.#engine
    const leave = await slots.enter(this.#file.size, signal, () => tell({ type: 'wait', reason: 'queue' }))
    try {
      tell({ type: 'identify' })
      const print = await this.#identify(signal)
      const release = await locks.acquire(print.identity, signal, (reason) => tell({ type: 'wait', reason }))
      try {
        return await this.#carryThrough(print, signal, tell)
      } finally {
        release()
      }
    } finally {
      leave()
    }
  }

  /**
   * Removes what the server and the store hold; call it when no {@link run} is under way.
   *
   * @returns the upload when it turns out that it was done already
   */
  async discard(signal: AbortSignal): Promise<UploadResult | null> {
    const print = this.#fingerprint
    if (print === null || !this.#mayBeOpen) return null
    // An open whose answer was lost: opening again tells its id, for it answers the same upload.
    const upload = this.#upload ?? (await this.#call((s) => this.#open(print, s), signal)).upload
    try {
      await this.#call((s) => this.#engine.backend.cancel(upload.id, s), signal)
    } catch (error) {
      const code = error instanceof BackendError ? error.code : null
      if (code === 'already-done') return await this.#resultOf(upload.id, signal)
      if (code !== 'upload-gone' && code !== 'not-found') throw error
    }
    await this.#engine.memory.delete(print.identity)
    return null
  }

  /** The file is not what it was: all that was verified against it says nothing any more. */
  forget(): void {
    this.#fingerprint = null
    this.#claim = null
    this.#dropReceipts()
  }

  async #identify(signal: AbortSignal): Promise<Fingerprint> {
    const { hasher } = this.#engine
    const print = await fingerprint(this.#file, hasher, signal)
    const wanted = this.#expected
    if (wanted !== null && print.identity !== wanted.identity) {
      throw new UploadError(
        'file-changed',
        `${aboutFile(this.#file)} is not the file that this upload began with: "${wanted.name}" of ${wanted.size} bytes is expected. Pick that one, or upload this one anew.`,
      )
    }
    if (this.#fingerprint !== null && this.#fingerprint.identity !== print.identity) {
      throw fileChanged(aboutFile(this.#file))
    }
    this.#fingerprint = print
    return print
  }

  async #carryThrough(print: Fingerprint, signal: AbortSignal, tell: Tell): Promise<UploadResult> {
    let fruitless = 0
    for (;;) {
      const before = this.#receipts.size
      try {
        if (this.#claim !== null && this.#upload !== null)
          return await this.#finish(this.#upload, this.#claim, signal, tell)
        return await this.#openAndTransfer(print, signal, tell)
      } catch (error) {
        if (!isGone(error)) throw error
        fruitless = this.#receipts.size > before ? 0 : fruitless + 1
        if (fruitless >= maxFruitlessOpenings) throw toUploadError(error, aboutFile(this.#file))
        this.#claim = null
      }
    }
  }

  async #openAndTransfer(print: Fingerprint, signal: AbortSignal, tell: Tell): Promise<UploadResult> {
    tell({ type: 'open' })
    const { memory } = this.#engine
    // Both at once: neither waits for the other on the way to the first byte.
    const [opened, known] = await Promise.all([
      this.#call((s) => this.#open(print, s), signal, tell),
      memory.get(print.identity),
    ])
    const { upload } = opened
    if (this.#upload?.id !== upload.id || this.#upload.uploadId !== upload.uploadId) this.#dropReceipts()
    this.#upload = upload
    const session = this.#session(print, opened, signal, tell)
    if (upload.state !== 'open') return await this.#adopt(session, signal, tell)
    const isKnown = known?.id === upload.id && known.uploadId === upload.uploadId
    if (!isKnown && upload.mode === 'multipart') {
      const { id, uploadId, partSize, identity } = upload
      // Not waited for: it is only a memory, and the first byte is not to wait for a disk.
      void memory.begin({ identity, id, uploadId, partSize, name: this.#file.name, size: this.#file.size })
    }
    let stored = opened.parts
    for (let repairs = 0; ; repairs++) {
      await this.#transfer(session, stored, isKnown ? known.parts : [], signal, tell)
      tell({ type: 'finish' })
      await recheck(session, signal)
      const claim = claimOf(session)
      this.#claim = claim
      try {
        return await this.#finish(upload, claim, signal, tell)
      } catch (error) {
        if (!(error instanceof BackendError) || error.code !== 'parts-mismatch' || repairs >= maxRepairs)
          throw error
        this.#claim = null
        for (const partNumber of error.partNumbers) this.#drop(partNumber, session)
        stored = [...this.#receipts].map(([partNumber, { size, etag }]) => ({ partNumber, size, etag }))
      }
    }
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
    tell({ type: 'transfer' })
    this.#showTransfer = show
    this.#meter.begin(clock.now())
    const stopWatching = outage.onChange(show)
    const onFound = (bytes: number): void => {
      this.#resumedBytes += bytes
    }
    try {
      await transfer(session, { stored, remembered, onFound }, signal)
    } finally {
      stopWatching()
      this.#showTransfer = null
      this.#meter.end()
    }
  }

  async #finish(
    upload: RegisteredUpload,
    claim: CompleteClaim,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<UploadResult> {
    tell({ type: 'finish' })
    const { backend, clock, memory } = this.#engine
    const complete = (): Promise<RegisteredUpload> =>
      this.#call((s) => backend.complete(upload.id, claim, s), signal, tell).finally(() =>
        tell({ type: 'finish' }),
      )
    const finished = await completed(complete, clock, signal)
    checkFinished(finished, claim, this.#file)
    if (claim.crc64 !== undefined && finished.crc64 !== null) this.#verifiedBy.add('object-crc64')
    await memory.delete(upload.identity)
    return this.#toResult(finished)
  }

  async #adopt(session: Session, signal: AbortSignal, tell: Tell): Promise<UploadResult> {
    const { id, identity, size } = session.upload
    tell({ type: 'finish' })
    const ask = (): Promise<RegisteredUpload> =>
      this.#call((s) => this.#engine.backend.get(id, s), signal, tell).finally(() => tell({ type: 'finish' }))
    const finished = await adoptFinished(session, ask, signal)
    this.#resumedBytes = size
    await this.#engine.memory.delete(identity)
    return this.#toResult(finished)
  }

  async #open(print: Fingerprint, signal: AbortSignal): Promise<OpenedUpload> {
    const { backend, storeClock, partSize } = this.#engine
    const { name, size, type } = this.#file
    this.#mayBeOpen = true
    const sentAt = storeClock.localNow()
    const opened = await backend.open(
      {
        identity: print.identity,
        name,
        size,
        type,
        ...(print.md5 === null ? {} : { md5: print.md5 }),
        ...(partSize === undefined ? {} : { partSize }),
      },
      signal,
    )
    storeClock.learnFromServerTime(opened.serverTime, sentAt)
    return opened
  }

  #session(print: Fingerprint, opened: OpenedUpload, signal: AbortSignal, tell: Tell): Session {
    const { backend, storeClock, createSigner } = this.#engine
    const { upload, checksums } = opened
    const plan = planOf(upload, this.#file)
    const permission = new Permission({
      upload,
      plan,
      first: opened,
      now: () => this.#engine.clock.now(),
      clock: storeClock,
      signal,
      renew: async (partNumbers, s) => {
        const renew = async (inner: AbortSignal): Promise<RenewedAccess> => {
          const sentAt = storeClock.localNow()
          const renewed = await backend.renewAccess(upload.id, partNumbers, inner)
          storeClock.learnFromServerTime(renewed.serverTime, sentAt)
          return renewed
        }
        // In the background it is nobody's concern; what waits for it is the sending, and only that shows it.
        const renewed = await this.#call(renew, s, (event) => {
          if (this.#showTransfer !== null) tell(event)
        })
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

  #call<T>(
    call: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    tell: Tell = () => undefined,
  ): Promise<T> {
    const { clock, random } = this.#engine
    return callBackend(call, { clock, random, signal, onTrouble: (reason) => tell({ type: 'wait', reason }) })
  }

  #drop(partNumber: number, { plan }: Session): void {
    if (this.#receipts.delete(partNumber)) this.#meter.lost(sizeOf(plan, partNumber))
  }

  #dropReceipts(): void {
    for (const { size } of this.#receipts.values()) this.#meter.lost(size)
    this.#receipts.clear()
    this.#verifiedBy.clear()
    this.#resumedBytes = 0
  }

  async #resultOf(id: string, signal: AbortSignal): Promise<UploadResult> {
    return this.#toResult(await this.#call((s) => this.#engine.backend.get(id, s), signal))
  }

  #toResult(upload: RegisteredUpload): UploadResult {
    if (upload.url === null) {
      throw new UploadError(
        'server-error',
        `${aboutFile(this.#file)}: the server calls it done without a URL.`,
      )
    }
    const strength = ['object-crc64', 'part-crc64', 'part-md5', 'size'] as const
    this.#verifiedBy.add('size')
    return {
      id: upload.id,
      url: upload.url,
      key: upload.key,
      size: upload.size,
      crc64: upload.crc64,
      verified: strength.filter((check) => this.#verifiedBy.has(check)),
    }
  }
}

function isGone(error: unknown): boolean {
  if (error instanceof UploadGone) return true
  return error instanceof BackendError && (error.code === 'upload-gone' || error.code === 'not-found')
}
