import type { Proof } from '../content/content-proof.js'
import type { Fingerprint } from '../content/identity.js'
import type { Engine } from '../engine.js'
import type { FileSource, RememberedUpload } from '../seams.js'
import type { AlreadyThere, Way } from './already-there.js'
import { mayBeAnothers } from './opened-upload.js'
import { termsOf } from './server-calls.js'
import type { ServerCalls } from './server-calls.js'
import type { OpenedUpload, RegisteredUpload } from '@carryon/protocol'

/** What the server and what this browser know of an upload. */
type Answers = readonly [OpenedUpload | Proof, RememberedUpload | null]

/** How a file comes to the upload that is its own: a new one, one that is open, or one that was finished before. */
export class Opening {
  readonly #engine: Engine
  readonly #calls: ServerCalls
  readonly #file: FileSource
  readonly #alreadyThere: AlreadyThere
  /** An open was asked and no answer has come: the server may hold an upload that nobody here knows. */
  #isUnanswered = false

  constructor(engine: Engine, calls: ServerCalls, file: FileSource, alreadyThere: AlreadyThere) {
    this.#engine = engine
    this.#calls = calls
    this.#file = file
    this.#alreadyThere = alreadyThere
  }

  /** @param before the upload that was opened last; `null`: none */
  async open(print: Fingerprint, before: RegisteredUpload | null, way: Way): Promise<Answers> {
    const { signal, tell } = way
    tell({ type: 'open' })
    this.#isUnanswered = true
    // Both at once: neither waits for the other on the way to the first byte.
    const answers = await Promise.all([
      before === null
        ? this.#alreadyThere.open(print, way)
        : this.#calls.open(this.#file, print, termsOf(signal, tell)),
      // Of what goes as one PUT nothing is remembered.
      print.md5 === null ? this.#engine.memory.get(print.identity) : null,
    ])
    this.#isUnanswered = false
    return this.#own(print, before, answers, way)
  }

  /** The id of what the server may hold open for this file; `null` when there can be nothing. Asks it where needed. */
  async openId(
    print: Fingerprint,
    before: RegisteredUpload | null,
    signal: AbortSignal,
  ): Promise<string | null> {
    // Opening again tells its id, for it answers the same upload; one known from before is gone if it is another.
    const isUnknown = this.#isUnanswered && !this.#alreadyThere.hasOnlyLooked
    if (isUnknown) return (await this.#calls.open(this.#file, print, { signal })).upload.id
    return before?.id ?? null
  }

  /** Another file's upload is left alone, and this file gets one of its own. */
  async #own(
    print: Fingerprint,
    before: RegisteredUpload | null,
    [opened, byPrint]: Answers,
    { signal, tell }: Way,
  ): Promise<Answers> {
    if (opened.upload.mode === 'single') return [opened, null]
    const { memory } = this.#engine
    const { identity } = opened.upload
    const known = identity === print.identity ? byPrint : await memory.get(identity)
    if ('by' in opened || before?.id === opened.upload.id || !mayBeAnothers(opened, this.#file))
      return [opened, known]
    tell({ type: 'identify' })
    // Code that cannot be loaded costs sending again, nothing else.
    const kept = await this.#engine.loadKept().catch(() => null)
    if (await kept?.isCopyOf(this.#engine, this.#file, opened, known, signal)) return [opened, known]
    tell({ type: 'open' })
    this.#calls.wanted = { separate: true }
    this.#isUnanswered = true
    const own = await this.#calls.open(this.#file, print, termsOf(signal, tell))
    this.#isUnanswered = false
    return [own, await memory.get(own.upload.identity)]
  }
}
