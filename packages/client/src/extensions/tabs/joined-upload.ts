import type { OtherTabs, SharedUpload, StatusMessage, TabCommand } from '../../upload/other-tabs.js'
import type { Upload, UploadResult } from '../../upload-types.js'
import type { LockHolder } from './tab-bus.js'
import { TabLock } from './tab-lock.js'
import type { TabsShared } from './tab-lock.js'

/** Milliseconds for another tab to cancel its upload; after that it is cancelled from here. */
const cancelTimeout = 10_000

/** An upload that other tabs of this browser may have too: who has it, how it stands there, and what came of it. */
export class JoinedUpload implements OtherTabs {
  finished: UploadResult | null = null
  readonly #shared: TabsShared
  readonly #own: SharedUpload
  readonly #lock: TabLock
  /** Ends the wait for the answer to a cancel. */
  #timeout: AbortController | null = null

  constructor(shared: TabsShared, own: SharedUpload) {
    this.#shared = shared
    this.#own = own
    this.#lock = new TabLock(shared, {
      ...lockHolderOf(own.upload),
      heard: (status) => own.heard(status),
      tookOver: (paused) => own.tookOver(paused),
    })
  }

  get lastStatus(): StatusMessage | null {
    const status = this.#own.status()
    return status.state === 'waiting' && status.waitReason === 'other-tab' ? this.#lock.lastStatus : null
  }

  get id(): string | null {
    return (this.finished ?? this.lastStatus)?.id ?? null
  }

  take(...request: Parameters<OtherTabs['take']>): Promise<void> {
    return this.#lock.take(...request)
  }

  publish(): void {
    this.#lock.publish()
  }

  leave(how?: 'silently'): void {
    this.#lock.leave(how)
  }

  command(command: TabCommand): void {
    this.#lock.command(command)
  }

  async cancel(ended: Promise<unknown>): Promise<void> {
    const timeout = new AbortController()
    this.#timeout = timeout
    const over = (): void => timeout.abort()
    ended.then(over, over)
    this.command('cancel')
    await this.#shared.clock.sleep(cancelTimeout, timeout.signal).catch(() => undefined)
  }

  letGo(): void {
    this.#timeout?.abort()
  }
}

/** How an upload of this tab answers those that mirror it in others. */
function lockHolderOf(upload: Upload): LockHolder {
  return {
    status: () => {
      const { id, snapshot } = upload
      const { state, waitReason, progress, result } = snapshot
      return {
        id,
        name: upload.file.name,
        state,
        progress,
        ...(waitReason === undefined ? {} : { waitReason }),
        ...(result === undefined ? {} : { result }),
      }
    },
    run: (command) => {
      // A cancel that does not get through is tried again there.
      if (command === 'cancel') upload.cancel().catch(() => undefined)
      else upload[command]()
    },
  }
}
