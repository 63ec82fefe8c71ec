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
import type { DuplicateChecker, RunControl } from './duplicate-check.js'
import type { UploadContext } from './upload-context.js'
import { checkFinished, completeRequestOf, completed, recheck } from './finish.js'
import type { Fingerprint } from '../content/fingerprint.js'
import { layoutOf, grantFor } from './open-answer.js'
import { UploadOpener } from './upload-opener.js'
import type { PartLayout } from '../transfer/part-layout.js'
import type { ProgressMeter } from '../core/progress.js'
import type { UploadedPart } from '../transfer/uploaded-part.js'
import type { FileSource, RememberedUpload } from '../ports.js'
import { termsOf } from './server-calls.js'
import type { ServerCalls } from './server-calls.js'
import { PartsTransfer } from './parts-transfer.js'
import { isOver } from '../core/backend-error.js'
import type { RunContext } from '../transfer/run-context.js'
import { resultOf } from './upload-result.js'
import type { UploadResult, Verification } from '../upload-types.js'

/**
 * From the opening of an upload to its URL, and what was achieved on the way: which upload it is, and which parts the
 * store has shown to hold. It outlives a pause and a new opening; {@link run} goes on from there.
 */
export class OpenUpload {
  readonly #context: UploadContext
  readonly #calls: ServerCalls
  readonly #file: FileSource
  readonly #opener: UploadOpener
  readonly #transfer: PartsTransfer
  readonly #meter: ProgressMeter
  readonly #onProgress: () => void
  readonly #uploaded = new Map<number, UploadedPart>()
  readonly #verifiedBy = new Set<Verification>()
  /** The upload of an earlier state of the file that this one goes on with. */
  earlier: Pick<RememberedUpload, 'id' | 'identity'> | null = null
  #upload: RegisteredUpload | null = null
  /** Set once complete was asked: only the server knows now whether it is done. */
  #completeRequest: CompleteRequest | null = null
  #resumedBytes = 0
  /** Of {@link #upload}. */
  #layout: PartLayout | null = null

  constructor(
    context: UploadContext,
    calls: ServerCalls,
    file: FileSource,
    duplicates: DuplicateChecker,
    meter: ProgressMeter,
    onProgress: () => void,
  ) {
    this.#context = context
    this.#calls = calls
    this.#file = file
    this.#opener = new UploadOpener(context, calls, file, duplicates)
    this.#transfer = new PartsTransfer(context, meter)
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
    return this.#uploaded.size
  }

  get resumedBytes(): number {
    return this.#resumedBytes
  }

  /** Whether only the server knows if the upload is done. */
  get isFinishing(): boolean {
    return this.#completeRequest !== null
  }

  /** Goes on to the end. Rejects with any error of the ports, or with the signal's reason. */
  async run(fingerprint: Fingerprint, control: RunControl): Promise<UploadResult> {
    if (this.#upload !== null && this.#completeRequest !== null)
      return this.#finish(this.#upload, this.#completeRequest, control)
    const finished = await this.#finishedElsewhere(control)
    if (finished !== null) return finished
    const { signal, dispatch } = control
    const [opened, known] = await this.#opener.open(fingerprint, this.#upload, control)
    const { upload } = opened
    if ('by' in opened) {
      this.#upload = upload
      return { ...resultOf(upload, opened.by), reused: true }
    }
    const isOther = this.#upload?.id !== upload.id || this.#upload.uploadId !== upload.uploadId
    if (isOther) this.forget()
    const before = isOther ? null : this.#layout
    this.#layout = layoutOf(this.#context, this.#file, opened, before)
    if (before !== null && before !== this.#layout)
      this.lost(this.#cutOtherwise(before.plan, this.#layout.plan))
    this.#upload = upload
    const run = this.#runContext(fingerprint, opened, this.#layout, control)
    if (upload.state !== 'open') {
      dispatch({ type: 'finish' })
      const result = await this.#adopt(run, control)
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
    await this.#transfer.run(run, { stored: opened.parts, remembered, onFound }, control)
    dispatch({ type: 'finish' })
    await recheck(run, signal)
    this.#completeRequest = completeRequestOf(run)
    return this.#finish(upload, this.#completeRequest, control)
  }

  /** See {@link UploadOpener.openId}. */
  openId(fingerprint: Fingerprint, signal: AbortSignal): Promise<string | null> {
    return this.#opener.openId(fingerprint, this.#upload, signal)
  }

  /** See {@link PartsTransfer.drain}. */
  drain(): Promise<void> | null {
    return this.#transfer.drain()
  }

  /** The store does not hold these parts after all, and nothing is finished. */
  lost(partNumbers: Iterable<number>): void {
    this.#completeRequest = null
    for (const partNumber of partNumbers) {
      this.#meter.lost(this.#uploaded.get(partNumber)?.size ?? 0)
      this.#uploaded.delete(partNumber)
    }
  }

  /** Acknowledged parts that are other bytes of the file in another plan. */
  #cutOtherwise(one: PartPlan, other: PartPlan): readonly number[] {
    return [...this.#uploaded.keys()].filter((partNumber) => {
      const [before, after] = [rangeOf(one, partNumber), rangeOf(other, partNumber)]
      return before.start !== after.start || before.end !== after.end
    })
  }

  /** Nothing of what was achieved counts any more. */
  forget(): void {
    this.lost([...this.#uploaded.keys()])
    this.#verifiedBy.clear()
    this.#resumedBytes = 0
  }

  async #finish(
    { id }: RegisteredUpload,
    completeRequest: CompleteRequest,
    { signal, dispatch }: RunControl,
  ): Promise<UploadResult> {
    const ask = (): Promise<RegisteredUpload> => {
      dispatch({ type: 'finish' })
      return this.#calls.complete(id, completeRequest, termsOf(signal, dispatch))
    }
    const finished = await completed(ask, this.#context.clock, signal)
    checkFinished(finished, completeRequest, this.#file)
    if (completeRequest.crc64 !== undefined && finished.crc64 !== null) this.#verifiedBy.add('object-crc64')
    return resultOf(finished, this.#verifiedBy)
  }

  /** Another machine may have finished it since it was opened here: nothing is sent twice then. */
  async #finishedElsewhere(control: RunControl): Promise<UploadResult | null> {
    const [upload, layout] = [this.#upload, this.#layout]
    if (upload?.mode !== 'multipart' || layout === null) return null
    const [context, file, verifiedBy] = [this.#context, this.#file, this.#verifiedBy]
    try {
      return await this.#adopt({ context, file, plan: layout.plan, upload, verifiedBy }, control)
    } catch (error) {
      if (isOver(error)) return null
      throw error
    }
  }

  /** Rejects with `upload-gone` when it is not finished, or not of this file. */
  async #adopt(run: Finished, { signal, dispatch }: RunControl): Promise<UploadResult> {
    const ask = async (): Promise<RegisteredUpload> => {
      const now = await this.#calls.get(run.upload.id, termsOf(signal, dispatch))
      if (now.state !== 'open') dispatch({ type: 'finish' })
      return now
    }
    return resultOf(await adoptFinished(run, ask, signal), this.#verifiedBy)
  }

  #runContext(
    fingerprint: Fingerprint,
    opened: OpenedUpload,
    layout: PartLayout,
    { signal, dispatch }: RunControl,
  ): RunContext {
    const { upload, checksums } = opened
    return {
      context: this.#context,
      file: this.#file,
      fingerprint: fingerprint,
      upload,
      layout,
      get plan() {
        return layout.plan
      },
      checksums,
      grant: grantFor(this.#context, opened, layout, signal, (partNumbers, scope) =>
        this.#renewed(upload, partNumbers, layout, scope, dispatch),
      ),
      uploaded: this.#uploaded,
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
    dispatch: RunControl['dispatch'],
  ): Promise<AccessAnswer> {
    // Trouble with a renewal ahead of time is nobody's concern while nothing is sent.
    const terms = termsOf(scope, (event) => {
      if (this.#transfer.isUnderWay) dispatch(event)
    })
    const sizes = partNumbers?.map((partNumber) => sizeOf(layout.plan, partNumber))
    const renewed = await this.#calls.renewAccess(id, partNumbers, sizes, terms)
    this.#transfer.show()
    return renewed
  }

  /** Not waited for: it is only a memory, and the first byte is not to wait for a disk. */
  #remember({ mode, identity, id, uploadId, partSize }: RegisteredUpload): void {
    if (mode === 'single') return
    const { name, size } = this.#file
    const { memory } = this.#context
    const head = { identity, id, uploadId, partSize, name, size }
    // First, for it is the same upload: its parts are remembered by its id.
    if (this.earlier?.id !== id) void memory.begin(head)
    else void memory.delete(this.earlier.identity).then(() => memory.begin(head))
  }
}
