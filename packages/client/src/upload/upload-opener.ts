import type { Proof } from '../content/content-proof.js'
import type { Fingerprint } from '../content/fingerprint.js'
import type { UploadContext } from './upload-context.js'
import type { FileSource, RememberedUpload } from '../ports.js'
import type { DuplicateChecker, RunControl } from './duplicate-check.js'
import { mayBeAnothers } from './open-answer.js'
import { termsOf } from './server-calls.js'
import type { ServerCalls } from './server-calls.js'
import type { OpenedUpload, RegisteredUpload } from '@carryon/protocol'

/** What the server and what this browser know of an upload. */
type Answers = readonly [OpenedUpload | Proof, RememberedUpload | null]

/** How a file comes to the upload that is its own: a new one, one that is open, or one that was finished before. */
export class UploadOpener {
  readonly #context: UploadContext
  readonly #calls: ServerCalls
  readonly #file: FileSource
  readonly #duplicates: DuplicateChecker
  /** An open was asked and no answer has come: the server may hold an upload that nobody here knows. */
  #isUnanswered = false

  constructor(context: UploadContext, calls: ServerCalls, file: FileSource, duplicates: DuplicateChecker) {
    this.#context = context
    this.#calls = calls
    this.#file = file
    this.#duplicates = duplicates
  }

  /** @param before the upload that was opened last; `null`: none */
  async open(
    fingerprint: Fingerprint,
    before: RegisteredUpload | null,
    control: RunControl,
  ): Promise<Answers> {
    const { signal, dispatch } = control
    dispatch({ type: 'open' })
    this.#isUnanswered = true
    // Both at once: neither waits for the other on the way to the first byte.
    const answers = await Promise.all([
      before === null
        ? this.#duplicates.open(fingerprint, control)
        : this.#calls.open(this.#file, fingerprint, termsOf(signal, dispatch)),
      // Of what goes as one PUT nothing is remembered.
      fingerprint.md5 === null ? this.#context.memory.get(fingerprint.identity) : null,
    ])
    this.#isUnanswered = false
    return this.#own(fingerprint, before, answers, control)
  }

  /** The id of what the server may hold open for this file; `null` when there can be nothing. Asks it where needed. */
  async openId(
    fingerprint: Fingerprint,
    before: RegisteredUpload | null,
    signal: AbortSignal,
  ): Promise<string | null> {
    // Opening again tells its id, for it answers the same upload; one known from before is gone if it is another.
    const isUnknown = this.#isUnanswered && !this.#duplicates.hasOnlyLooked
    if (isUnknown) return (await this.#calls.open(this.#file, fingerprint, { signal })).upload.id
    return before?.id ?? null
  }

  /** Another file's upload is left alone, and this file gets one of its own. */
  async #own(
    fingerprint: Fingerprint,
    before: RegisteredUpload | null,
    [opened, byPrint]: Answers,
    { signal, dispatch }: RunControl,
  ): Promise<Answers> {
    if (opened.upload.mode === 'single') return [opened, null]
    const { memory } = this.#context
    const { identity } = opened.upload
    const known = identity === fingerprint.identity ? byPrint : await memory.get(identity)
    if ('by' in opened || before?.id === opened.upload.id || !mayBeAnothers(opened, this.#file))
      return [opened, known]
    dispatch({ type: 'identify' })
    // Code that cannot be loaded costs sending again, nothing else.
    const lazyCode = await this.#context.loadLazy().catch(() => null)
    if (await lazyCode?.isCopyOf(this.#context, this.#file, opened, known, signal)) return [opened, known]
    dispatch({ type: 'open' })
    this.#calls.wanted = { separate: true }
    this.#isUnanswered = true
    const own = await this.#calls.open(this.#file, fingerprint, termsOf(signal, dispatch))
    this.#isUnanswered = false
    return [own, await memory.get(own.upload.identity)]
  }
}
