import { DuplicateChecker } from './duplicate-check.js'
import type { RunControl } from './duplicate-check.js'
import { OpenUpload } from './open-upload.js'
import type { OnDuplicate } from '../duplicate-types.js'
import type { UploadContext } from './upload-context.js'
import { completed } from './finish.js'
import { FileSlot } from './file-slot.js'
import { contentIdentity, computeFingerprint, largestSingle, smallFileSize } from '../content/fingerprint.js'
import type { Fingerprint } from '../content/fingerprint.js'
import { isSameContent } from '../content/compare-object.js'
import type { ProgressMeter } from '../core/progress.js'
import { mostInFlight } from '../transfer/part-sizing.js'
import type { FileSource, RememberedHead } from '../ports.js'
import { ServerCalls, termsOf } from './server-calls.js'
import type { UploadEvent } from '../core/state.js'
import type { TabLock } from '../tabs/tab-lock.js'
import { BackendError, isOver } from '../core/backend-error.js'
import { classifyFailure, nextStep } from '../core/retry-policy.js'
import type { RegisteredUpload } from '@carryon/protocol'
import { aboutFile, fileChanged, toUploadError } from '../core/upload-errors.js'
import { resultOf } from './upload-result.js'
import { UploadError } from '../upload-types.js'
import type { DuplicateCheck, Metadata, UploadResult } from '../upload-types.js'

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
export interface RunOptions {
  readonly expected: Expected | null
  readonly onDuplicate: OnDuplicate
  readonly metadata?: Metadata
}

type Dispatch = (event: UploadEvent) => void

/**
 * One file's upload from the pick to the end: its fingerprint, its lock among tabs, its slot among files, and its
 * {@link OpenUpload}. {@link run} takes it to the end and may be aborted and run again at any point: what was
 * acknowledged and verified is not done twice.
 */
export class UploadRun {
  readonly #context: UploadContext
  readonly #calls: ServerCalls
  readonly #file: FileSource
  readonly #expected: Expected | null
  readonly #duplicates: DuplicateChecker
  readonly #openUpload: OpenUpload
  readonly #tabLock: TabLock
  #fingerprint: Fingerprint | null = null

  constructor(
    context: UploadContext,
    file: FileSource,
    { expected, onDuplicate, metadata }: RunOptions,
    tabLock: TabLock,
    meter: ProgressMeter,
    onProgress: () => void,
  ) {
    this.#context = context
    this.#calls = new ServerCalls(context, metadata)
    this.#file = file
    this.#expected = expected
    this.#duplicates = new DuplicateChecker(context, this.#calls, file, onDuplicate, onProgress)
    this.#openUpload = new OpenUpload(context, this.#calls, file, this.#duplicates, meter, onProgress)
    this.#tabLock = tabLock
  }

  /** The server's id, once open. */
  get id(): string | null {
    return this.#openUpload.upload?.id ?? null
  }

  /** Of the upload that goes on without a pick, opened here or not yet. */
  get keptId(): string | null {
    return this.#expected?.kept === true ? (this.#expected.id ?? null) : null
  }

  get resumedBytes(): number {
    return this.#openUpload.resumedBytes
  }

  get duplicate(): DuplicateCheck | null {
    return this.#duplicates.check
  }

  /** Whether only the server knows if the upload is done. */
  get isFinishing(): boolean {
    return this.#openUpload.isFinishing
  }

  /** Goes on to the end. Rejects with any error of the ports, or with the signal's reason. */
  async run(signal: AbortSignal, dispatch: Dispatch): Promise<UploadResult> {
    const queue = (): void => dispatch({ type: 'wait', reason: 'queue' })
    const slot = new FileSlot(this.#context.slots, this.#file.size)
    await slot.acquire(signal, queue)
    try {
      dispatch({ type: 'identify' })
      const named = this.#rememberedByName()
      const fingerprint = await this.#identify(signal)
      this.#context.resumed.replace(fingerprint.identity, this.#file)
      await this.#tabLock.take(fingerprint.identity, signal, (reason) => {
        // Who waits for another tab, perhaps for hours, keeps no other file waiting.
        slot.release()
        dispatch({ type: 'wait', reason })
      })
      await slot.acquire(signal, queue)
      await this.#findEarlier(fingerprint, await named, { slot, signal, dispatch })
      await this.#file.refresh?.()
      return await this.#openAndTransfer(fingerprint, { slot, signal, dispatch })
    } finally {
      slot.release()
    }
  }

  /** See {@link PartsTransfer.drain}. */
  drain(): Promise<void> | null {
    return this.#openUpload.drain()
  }

  /**
   * Removes what the server and the store hold; call it when no {@link run} is under way.
   *
   * @param elsewhere the id of the upload when another tab had opened it
   * @returns the result when it turns out that the upload was done already
   */
  async discard(signal: AbortSignal, elsewhere: string | null): Promise<UploadResult | null> {
    const fingerprint = this.#fingerprint
    const own = fingerprint === null ? this.id : await this.#openUpload.openId(fingerprint, signal)
    const id = own ?? elsewhere ?? this.keptId
    if (id === null) return null
    try {
      await this.#calls.cancel(id, { signal })
    } catch (error) {
      if (!isOver(error)) throw error
      // Finished elsewhere: whether it is this file's content nobody has shown.
      if (error.code === 'already-done' && own !== null) {
        const ask = (): Promise<RegisteredUpload> => this.#calls.get(id, { signal })
        const finished = await completed(ask, this.#context.clock, signal)
        await this.#forgetUpload()
        return resultOf(finished, this.#openUpload.verifiedBy)
      }
    }
    await this.#forgetUpload()
    return null
  }

  /** Whether the upload that another tab finished is of this file. It is told as finishing: it is the last check. */
  async isDoneBy(result: UploadResult, signal: AbortSignal, dispatch: Dispatch): Promise<boolean> {
    dispatch({ type: 'finish' })
    return isSameContent(this.#context, this.#file, result, signal)
  }

  /** The file is not what it was: all that was verified against it says nothing any more. */
  forget(): void {
    this.#fingerprint = null
    this.#duplicates.forget()
    this.#openUpload.forget()
  }

  async #identify(signal: AbortSignal): Promise<Fingerprint> {
    const { hasher, pool, readLimit, usual } = this.#context
    const { speed } = pool
    const singleUpTo = largestSingle(speed === null ? null : mostInFlight(speed, 0))
    const leave = this.#file.size <= smallFileSize ? await readLimit.acquire(signal) : () => undefined
    const fingerprint = await computeFingerprint(
      this.#file,
      hasher,
      usual.crc64Type,
      signal,
      singleUpTo,
    ).finally(leave)
    const wanted = this.#expected
    if (wanted !== null && fingerprint.identity === contentIdentity(wanted.identity)) {
      this.#calls.wanted = { identity: wanted.identity, ...this.#calls.wanted }
    } else if (wanted !== null && (wanted.name !== this.#file.name || fingerprint.md5 !== null)) {
      throw this.#notExpected(wanted)
    }
    if (this.#fingerprint !== null && this.#fingerprint.identity !== fingerprint.identity) {
      throw fileChanged(aboutFile(this.#file))
    }
    this.#fingerprint = fingerprint
    return fingerprint
  }

  /**
   * A file that grew, or was edited where the samples are, has another identity than when its upload began. What is still
   * equal of that upload's parts is not sent again.
   */
  async #findEarlier(
    fingerprint: Fingerprint,
    remembered: readonly RememberedHead[],
    { signal, dispatch }: RunControl,
  ): Promise<void> {
    const wanted = this.#expected
    const candidates = wanted === null ? remembered : [wanted]
    const others = candidates.filter(({ identity }) => contentIdentity(identity) !== fingerprint.identity)
    if (others.length === 0 || this.#openUpload.upload !== null) return
    const kept = await this.#context.loadLazy().catch(() => null)
    const terms = termsOf(signal, dispatch)
    const earlier = (await kept?.earlierState(this.#context, this.#calls, this.#file, others, terms)) ?? null
    dispatch({ type: 'identify' })
    if (earlier === null) {
      if (wanted !== null) throw this.#notExpected(wanted)
      return
    }
    this.#calls.wanted = { continues: earlier.id }
    this.#openUpload.earlier = earlier
  }

  /** Read while the file is identified. Of what goes as one PUT nothing is remembered. */
  async #rememberedByName(): Promise<readonly RememberedHead[]> {
    const { size, name, known } = this.#file
    if (size <= smallFileSize || known !== undefined || this.#openUpload.upload !== null) return []
    return (await this.#context.memory.all(name)).filter((upload) => upload.name === name)
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
    const { identity } = this.#openUpload.upload ?? kept ?? this.#fingerprint ?? {}
    if (identity !== undefined) await this.#context.memory.delete(identity)
  }

  /** Opens anew when the upload is gone, or the store lacks parts that it had acknowledged. */
  async #openAndTransfer(fingerprint: Fingerprint, control: RunControl): Promise<UploadResult> {
    for (let openings = 0; ;) {
      const before = this.#openUpload.parts
      try {
        const result = await this.#openUpload.run(fingerprint, control)
        // Not waited for: what a crash leaves of it is cleaned away by the next page.
        if (this.#openUpload.upload?.mode !== 'single') void this.#forgetUpload()
        return result
      } catch (error) {
        const action = classifyFailure(error)
        if (action.do !== 'reopen') throw error
        openings = this.#openUpload.parts > before ? 0 : openings + 1
        const { retry, random } = this.#context
        if (nextStep(action, { openings }, retry, random()).do === 'give-up')
          throw toUploadError(error, aboutFile(this.#file))
        this.#openUpload.lost(error instanceof BackendError ? error.partNumbers : [])
      }
    }
  }
}
