import type { Clock } from '../ports.js'
import type { UploadStatus } from '../core/state.js'
import type { StatusMessage } from './tab-messages.js'
import type { TabLock } from './tab-lock.js'
import type { UploadResult } from '../upload-types.js'

/** Milliseconds for another tab to cancel its upload; after that it is cancelled from here. */
const cancelTimeout = 10_000

/** An upload that another tab has: how it stands there, how it is cancelled there, and what came of it. */
export class RemoteUpload {
  readonly #tabLock: TabLock
  readonly #clock: Clock
  readonly #localStatus: () => UploadStatus
  /** What the other tab has made of it; whether that is of this file is still to be shown. */
  finished: UploadResult | null = null
  /** Ends the wait for the answer to a cancel. */
  #timeout: AbortController | null = null

  /** @param localStatus of the upload here, which waits while the other tab has it */
  constructor(tabLock: TabLock, clock: Clock, localStatus: () => UploadStatus) {
    this.#tabLock = tabLock
    this.#clock = clock
    this.#localStatus = localStatus
  }

  /** What was heard last from the tab that has the upload; `null` when it is this one, or none was heard. */
  get lastStatus(): StatusMessage | null {
    const status = this.#localStatus()
    return status.state === 'waiting' && status.waitReason === 'other-tab' ? this.#tabLock.lastStatus : null
  }

  /** The server's; `null` while the other tab has told none. */
  get id(): string | null {
    return (this.finished ?? this.lastStatus)?.id ?? null
  }

  /** Has it cancelled there. Resolves once `ended` is settled, after {@link letGo}, or when no answer comes for long. */
  async cancel(ended: Promise<unknown>): Promise<void> {
    const timeout = new AbortController()
    this.#timeout = timeout
    const over = (): void => timeout.abort()
    ended.then(over, over)
    this.#tabLock.command('cancel')
    await this.#clock.sleep(cancelTimeout, timeout.signal).catch(() => undefined)
  }

  /** The other tab has it no more. */
  letGo(): void {
    this.#timeout?.abort()
  }
}
