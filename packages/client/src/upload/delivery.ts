import { rangeOf, sizeOf } from '@carryon/protocol'
import type {
  CompleteRequest,
  OpenedUpload,
  PartPlan,
  RegisteredUpload,
  AccessAnswer,
} from '@carryon/protocol'
import { adoptFinished } from './adopt-finished.js'
import type { Finished } from './adopt-finished.js'
import type { AlreadyThere, Way } from './already-there.js'
import type { Engine } from '../engine.js'
import { checkFinished, claimOf, completed, recheck } from './finish.js'
import type { Fingerprint } from '../content/identity.js'
import { layoutOf, permissionFor } from './opened-upload.js'
import { Opening } from './opening.js'
import type { PartLayout } from '../transfer/part-layout.js'
import type { ProgressMeter } from './progress.js'
import type { Receipt } from '../transfer/receipt.js'
import type { FileSource, RememberedUpload } from '../seams.js'
import { termsOf } from './server-calls.js'
import type { ServerCalls } from './server-calls.js'
import { Sending } from './sending.js'
import { isGone } from './session.js'
import type { Session } from './session.js'
import { resultOf } from './upload-result.js'
import type { UploadResult, Verification } from '../upload-types.js'

/**
 * From the opening of an upload to its URL, and what was achieved on the way: which upload it is, and which parts the
 * store has shown to hold. It outlives a pause and a new opening; {@link run} goes on from there.
 */
export class Delivery {
  readonly #engine: Engine
  readonly #calls: ServerCalls
  readonly #file: FileSource
  readonly #opening: Opening
  readonly #sending: Sending
  readonly #meter: ProgressMeter
  readonly #onProgress: () => void
  readonly #receipts = new Map<number, Receipt>()
  readonly #verifiedBy = new Set<Verification>()
  /** The upload of an earlier state of the file that this one goes on with. */
  earlier: Pick<RememberedUpload, 'id' | 'identity'> | null = null
  #upload: RegisteredUpload | null = null
  /** Set once complete was asked: only the server knows now whether it is done. */
  #claim: CompleteRequest | null = null
  #resumedBytes = 0
  /** Of {@link #upload}. */
  #layout: PartLayout | null = null

  constructor(
    engine: Engine,
    calls: ServerCalls,
    file: FileSource,
    alreadyThere: AlreadyThere,
    meter: ProgressMeter,
    onProgress: () => void,
  ) {
    this.#engine = engine
    this.#calls = calls
    this.#file = file
    this.#opening = new Opening(engine, calls, file, alreadyThere)
    this.#sending = new Sending(engine, meter)
    this.#meter = meter
    this.#onProgress = onProgress
  }

  /** Opened last; `null` before. */
  get upload(): RegisteredUpload | null {
    return this.#upload
  }

  /** How what counts was verified. */
  get verifiedBy(): ReadonlySet<Verification> {
    return this.#verifiedBy
  }

  /** Parts that the store holds and that verified. */
  get parts(): number {
    return this.#receipts.size
  }

  get resumedBytes(): number {
    return this.#resumedBytes
  }

  /** Whether only the server knows if the upload is done. */
  get isFinishing(): boolean {
    return this.#claim !== null
  }

  /** Goes on to the end. Rejects with any error of the seams, or with the signal's reason. */
  async run(print: Fingerprint, way: Way): Promise<UploadResult> {
    if (this.#upload !== null && this.#claim !== null) return this.#finish(this.#upload, this.#claim, way)
    const finished = await this.#finishedElsewhere(way)
    if (finished !== null) return finished
    const { signal, tell } = way
    const [opened, known] = await this.#opening.open(print, this.#upload, way)
    const { upload } = opened
    if ('by' in opened) {
      this.#upload = upload
      return { ...resultOf(upload, opened.by), reused: true }
    }
    const isOther = this.#upload?.id !== upload.id || this.#upload.uploadId !== upload.uploadId
    if (isOther) this.forget()
    const before = isOther ? null : this.#layout
    this.#layout = layoutOf(this.#engine, this.#file, opened, before)
    if (before !== null && before !== this.#layout)
      this.lost(this.#cutOtherwise(before.plan, this.#layout.plan))
    this.#upload = upload
    const session = this.#session(print, opened, this.#layout, way)
    if (upload.state !== 'open') {
      tell({ type: 'finish' })
      const result = await this.#adopt(session, way)
      this.#resumedBytes = upload.size
      return result
    }
    const isKnown =
      known?.id === upload.id && known.uploadId === upload.uploadId && known.size === upload.size
    if (!isKnown) this.#remember(upload)
    const onFound = (bytes: number): void => {
      this.#resumedBytes += bytes
    }
    const remembered = isKnown ? known.parts : []
    await this.#sending.run(session, { stored: opened.parts, remembered, onFound }, way)
    tell({ type: 'finish' })
    await recheck(session, signal)
    this.#claim = claimOf(session)
    return this.#finish(upload, this.#claim, way)
  }

  /** See {@link Opening.openId}. */
  openId(print: Fingerprint, signal: AbortSignal): Promise<string | null> {
    return this.#opening.openId(print, this.#upload, signal)
  }

  /** See {@link Sending.drain}. */
  drain(): Promise<void> | null {
    return this.#sending.drain()
  }

  /** The store does not hold these parts after all, and nothing is finished. */
  lost(partNumbers: Iterable<number>): void {
    this.#claim = null
    for (const partNumber of partNumbers) {
      this.#meter.lost(this.#receipts.get(partNumber)?.size ?? 0)
      this.#receipts.delete(partNumber)
    }
  }

  /** Acknowledged parts that are other bytes of the file in another plan. */
  #cutOtherwise(one: PartPlan, other: PartPlan): readonly number[] {
    return [...this.#receipts.keys()].filter((partNumber) => {
      const [before, after] = [rangeOf(one, partNumber), rangeOf(other, partNumber)]
      return before.start !== after.start || before.end !== after.end
    })
  }

  /** Nothing of what was achieved counts any more. */
  forget(): void {
    this.lost([...this.#receipts.keys()])
    this.#verifiedBy.clear()
    this.#resumedBytes = 0
  }

  async #finish(
    { id }: RegisteredUpload,
    claim: CompleteRequest,
    { signal, tell }: Way,
  ): Promise<UploadResult> {
    const ask = (): Promise<RegisteredUpload> => {
      tell({ type: 'finish' })
      return this.#calls.complete(id, claim, termsOf(signal, tell))
    }
    const finished = await completed(ask, this.#engine.clock, signal)
    checkFinished(finished, claim, this.#file)
    if (claim.crc64 !== undefined && finished.crc64 !== null) this.#verifiedBy.add('object-crc64')
    return resultOf(finished, this.#verifiedBy)
  }

  /** Another machine may have finished it since it was opened here: nothing is sent twice then. */
  async #finishedElsewhere(way: Way): Promise<UploadResult | null> {
    const [upload, layout] = [this.#upload, this.#layout]
    if (upload?.mode !== 'multipart' || layout === null) return null
    const [engine, file, verifiedBy] = [this.#engine, this.#file, this.#verifiedBy]
    try {
      return await this.#adopt({ engine, file, plan: layout.plan, upload, verifiedBy }, way)
    } catch (error) {
      if (isGone(error)) return null
      throw error
    }
  }

  /** Rejects with `UploadGone` when it is not finished, or not of this file. */
  async #adopt(session: Finished, { signal, tell }: Way): Promise<UploadResult> {
    const ask = async (): Promise<RegisteredUpload> => {
      const now = await this.#calls.get(session.upload.id, termsOf(signal, tell))
      if (now.state !== 'open') tell({ type: 'finish' })
      return now
    }
    return resultOf(await adoptFinished(session, ask, signal), this.#verifiedBy)
  }

  #session(print: Fingerprint, opened: OpenedUpload, layout: PartLayout, { signal, tell }: Way): Session {
    const { upload, checksums } = opened
    return {
      engine: this.#engine,
      file: this.#file,
      fingerprint: print,
      upload,
      layout,
      get plan() {
        return layout.plan
      },
      checksums,
      permission: permissionFor(this.#engine, opened, layout, signal, (partNumbers, scope) =>
        this.#renewed(upload, partNumbers, layout, scope, tell),
      ),
      receipts: this.#receipts,
      verifiedBy: this.#verifiedBy,
      meter: this.#meter,
      onProgress: this.#onProgress,
    }
  }

  async #renewed(
    { id }: RegisteredUpload,
    partNumbers: readonly number[] | undefined,
    layout: PartLayout,
    scope: AbortSignal,
    tell: Way['tell'],
  ): Promise<AccessAnswer> {
    // Trouble with a renewal ahead of time is nobody's concern while nothing is sent.
    const terms = termsOf(scope, (event) => {
      if (this.#sending.isUnderWay) tell(event)
    })
    const sizes = partNumbers?.map((partNumber) => sizeOf(layout.plan, partNumber))
    const renewed = await this.#calls.renewAccess(id, partNumbers, sizes, terms)
    this.#sending.show()
    return renewed
  }

  /** Not waited for: it is only a memory, and the first byte is not to wait for a disk. */
  #remember({ mode, identity, id, uploadId, partSize }: RegisteredUpload): void {
    if (mode === 'single') return
    const { name, size } = this.#file
    const { memory } = this.#engine
    const head = { identity, id, uploadId, partSize, name, size }
    // First, for it is the same upload: its parts are remembered by its id.
    if (this.earlier?.id !== id) void memory.begin(head)
    else void memory.delete(this.earlier.identity).then(() => memory.begin(head))
  }
}
