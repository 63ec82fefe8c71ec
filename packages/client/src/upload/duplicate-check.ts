import { unlessAborted } from '../async/unless-aborted.js'
import { equalByMd5, equalByParts } from '../content/content-proof.js'
import type { Proof } from '../content/content-proof.js'
import type { DuplicateChoice, OnDuplicate } from '../duplicate-types.js'
import type { DuplicateCheck } from '../upload-types.js'
import type { UploadContext } from './upload-context.js'
import type { RunControl, UploadJob } from './upload-job.js'
import { computeFingerprint } from '../content/fingerprint.js'
import type { Fingerprint } from '../content/fingerprint.js'
import type { FileSource } from '../ports.js'
import type { ServerCalls } from './server-calls.js'
import type { OpenedUpload, RegisteredDuplicate, RegisteredUpload } from '@carryon/protocol'
import { aboutFile, fileChanged } from '../core/upload-errors.js'
import { finishedUploadOf } from './upload-result.js'

/** Maximum number of times to read the whole file while the server's list of candidates keeps changing. */
const mostReadings = 3

/**
 * Opens an upload, unless the same owner has already stored this content and that object is to be reused.
 *
 * The server only names candidates. One counts as a duplicate only after the whole file was hashed and matches the
 * recorded digests; and right before it is used, the server checks once more that the object has not changed.
 */
export class DuplicateChecker {
  readonly #context: UploadContext
  readonly #calls: ServerCalls
  readonly #file: FileSource
  readonly #onDuplicate: OnDuplicate
  readonly #onProgress: () => void
  /** Kept over pauses, so that the user is not asked twice. */
  #choice: DuplicateChoice | null = null
  #check: DuplicateCheck | null = null
  #onlyLooked = false

  constructor({ context, calls, file, onDuplicate, onProgress }: UploadJob) {
    this.#context = context
    this.#calls = calls
    this.#file = file
    this.#onDuplicate = onDuplicate
    this.#onProgress = onProgress
  }

  /** Progress of the comparison; `null` while there is nothing to compare with. */
  get check(): DuplicateCheck | null {
    return this.#check
  }

  /** Whether the last call to the server only listed duplicates and opened no upload. */
  get hasOnlyLooked(): boolean {
    return this.#onlyLooked
  }

  /** Drops the decision, because the file has changed. */
  forget(): void {
    this.#choice = null
  }

  /** Rejects with `file-changed`, any error of the ports, or the signal's reason. */
  async open(fingerprint: Fingerprint, control: RunControl): Promise<OpenedUpload | Proof> {
    const { slot, signal, dispatch } = control
    const there = await this.#findDuplicate(fingerprint, control).finally(() => {
      if (this.#check === null) return
      this.#check = null
      this.#onProgress()
    })
    if (there !== null && 'by' in there) return there
    if (there === null) this.#choice = 'copy'
    await slot.acquire(signal, () => dispatch({ type: 'wait', reason: 'queue' }))
    if (there !== null) return there
    dispatch({ type: 'open' })
    this.#onlyLooked = false
    return this.#calls.open(this.#file, fingerprint, control)
  }

  /** `null` if the file is to be uploaded, whether or not there is a duplicate. */
  async #findDuplicate(fingerprint: Fingerprint, control: RunControl): Promise<OpenedUpload | Proof | null> {
    let proof: Proof | null = null
    for (let readings = 0; (this.#choice ?? this.#onDuplicate) !== 'copy'; readings++) {
      this.#onlyLooked = false
      const answer = await this.#calls.openUnlessDone(this.#file, fingerprint, control)
      if (!('duplicates' in answer)) return answer
      this.#onlyLooked = true
      const { duplicates } = answer
      if (proof !== null && isAmong(proof.upload, duplicates)) return proof
      if (readings === mostReadings) return null
      proof = await this.#prove(fingerprint, duplicates, control)
      if (proof === null || (await this.#decide(proof.upload, fingerprint, control)) === 'copy') return null
      control.dispatch({ type: 'finish' })
    }
    return null
  }

  async #prove(
    fingerprint: Fingerprint,
    duplicates: readonly RegisteredDuplicate[],
    { slot, signal, dispatch }: RunControl,
  ): Promise<Proof | null> {
    const known = equalByMd5(fingerprint, duplicates)
    if (known !== null) return known
    // Reading needs no connection, so let other files send meanwhile.
    slot.release()
    dispatch({ type: 'identify' })
    const leave = await this.#context.compareLimit.acquire(signal, () =>
      dispatch({ type: 'wait', reason: 'queue' }),
    )
    try {
      dispatch({ type: 'identify' })
      const onRead = (compared: number): void => {
        this.#check = { stored: null, compared }
        this.#onProgress()
      }
      const proof = await equalByParts(this.#context, this.#file, duplicates, onRead, signal)
      await this.#expectUnchanged(fingerprint, signal)
      return proof
    } finally {
      leave()
    }
  }

  async #decide(
    upload: RegisteredUpload,
    fingerprint: Fingerprint,
    { slot, signal, dispatch }: RunControl,
  ): Promise<DuplicateChoice> {
    const stored = finishedUploadOf(upload)
    if (stored === null) return 'copy'
    this.#check = { stored, compared: this.#file.size }
    if (this.#choice !== null) return this.#choice
    if (typeof this.#onDuplicate !== 'function') return this.#onDuplicate
    // The user may take hours to answer: do not block other files meanwhile.
    slot.release()
    dispatch({ type: 'wait', reason: 'choice' })
    const { name, size, type } = this.#file
    const answer = this.#onDuplicate({ file: { name, size, type }, stored }, signal)
    this.#choice = await unlessAborted(Promise.resolve(answer), signal)
    if (this.#choice === 'reuse') await this.#expectUnchanged(fingerprint, signal)
    return this.#choice
  }

  /**
   * Rejects with `file-changed` if the file has changed. Some browsers silently read the new bytes of a changed file.
   * The parts matched one stored object, so a change can only have come after they were read; this finds most changes.
   */
  async #expectUnchanged(before: Fingerprint, signal: AbortSignal): Promise<void> {
    const now = await computeFingerprint(this.#file, this.#context.hasher, before.crc64Type, signal)
    const isSame = now.identity === before.identity && (before.md5 === null || now.md5 === before.md5)
    if (!isSame) throw fileChanged(aboutFile(this.#file))
  }
}

function isAmong({ id, etag }: RegisteredUpload, duplicates: readonly RegisteredDuplicate[]): boolean {
  return duplicates.some(({ upload }) => upload.id === id && upload.etag === etag)
}
