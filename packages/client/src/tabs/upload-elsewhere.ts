import type { Clock } from '../ports.js'
import type { UploadStatus } from '../core/state.js'
import type { TabWord } from './tab-messages.js'
import type { Turn } from './turn.js'
import type { UploadResult } from '../upload-types.js'

/** Milliseconds for another tab to cancel its upload; after that it is cancelled from here. */
const cancelPatience = 10_000

/** An upload that another tab has: how it stands there, how it is cancelled there, and what came of it. */
export class UploadElsewhere {
  readonly #turn: Turn
  readonly #clock: Clock
  readonly #status: () => UploadStatus
  /** What the other tab has made of it; whether that is of this file is still to be shown. */
  finished: UploadResult | null = null
  /** Ends the wait for the answer to a cancel. */
  #patience: AbortController | null = null

  /** @param status of the upload here, which waits while the other tab has it */
  constructor(turn: Turn, clock: Clock, status: () => UploadStatus) {
    this.#turn = turn
    this.#clock = clock
    this.#status = status
  }

  /** What is heard of the tab that has the upload; `null` when it is this one, or none was heard. */
  get word(): TabWord | null {
    const status = this.#status()
    return status.state === 'waiting' && status.waitReason === 'other-tab' ? this.#turn.word : null
  }

  /** The server's; `null` while the other tab has told none. */
  get id(): string | null {
    return (this.finished ?? this.word)?.id ?? null
  }

  /** Has it cancelled there. Resolves once `ended` is settled, after {@link letGo}, or when no answer comes for long. */
  async cancel(ended: Promise<unknown>): Promise<void> {
    const patience = new AbortController()
    this.#patience = patience
    const over = (): void => patience.abort()
    ended.then(over, over)
    this.#turn.command('cancel')
    await this.#clock.sleep(cancelPatience, patience.signal).catch(() => undefined)
  }

  /** The other tab has it no more. */
  letGo(): void {
    this.#patience?.abort()
  }
}
