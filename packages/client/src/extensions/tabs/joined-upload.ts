import { reasonOf } from '../../async/clock.js'
import { hasEnded } from '../../core/state.js'
import type { Clock } from '../../ports.js'
import type { ContentLocks } from '../../upload/content-locks.js'
import type { OtherTabs, SharedUpload, StatusMessage, TabCommand } from '../../upload/other-tabs.js'
import type { UploadResult } from '../../upload-types.js'
import type { LockHolder, TabBus } from './tab-bus.js'
import { TabMirror } from './tab-mirror.js'

/** Milliseconds between status messages about progress to other tabs. */
const statusInterval = 250
/** Milliseconds to wait for another tab to cancel its upload; after that this tab cancels it. */
const cancelTimeout = 10_000

/** What the joined uploads of this tab share. */
export interface TabsShared {
  readonly locks: ContentLocks
  readonly bus: TabBus
  readonly clock: Clock
}

/**
 * An upload that other tabs of this browser may have too. The tab that holds the lock on its content sends; it keeps
 * the lock through pauses until the upload has ended, so that all tabs refer to the same upload. The other tabs
 * mirror it.
 */
export class JoinedUpload implements OtherTabs, LockHolder {
  finished: UploadResult | null = null
  readonly #shared: TabsShared
  readonly #own: SharedUpload
  #held: { readonly identity: string; readonly release: () => void } | null = null
  #mirror: TabMirror | null = null
  #saidAt = 0
  #said = ''
  /** Aborted to end the wait for another tab's cancel. */
  #timeout: AbortController | null = null

  constructor(shared: TabsShared, own: SharedUpload) {
    this.#shared = shared
    this.#own = own
  }

  get lastStatus(): StatusMessage | null {
    const status = this.#own.status()
    const isElsewhere = status.state === 'waiting' && status.waitReason === 'other-tab'
    return isElsewhere ? (this.#mirror?.lastStatus ?? null) : null
  }

  get id(): string | null {
    return (this.finished ?? this.lastStatus)?.id ?? null
  }

  async take(...[identity, signal, onWait]: Parameters<OtherTabs['take']>): Promise<void> {
    if (this.#held !== null) return
    try {
      const release = await this.#shared.locks.acquire(identity, signal, (reason) => {
        onWait(reason)
        if (reason === 'other-tab') this.#mirrorOther(identity)
      })
      await this.#keep(identity, release, signal)
    } finally {
      this.#mirror?.stop()
      this.#mirror = null
    }
  }

  /** Publishes each new state at once, and progress every `statusInterval`. */
  publish(): void {
    if (this.#held === null || !this.#shared.bus.isHeard(this.#held.identity)) return
    const status = this.status()
    // `leave()` publishes the end, after the store has released a cancelled upload.
    if (hasEnded(status)) return
    const label = `${status.state}/${status.waitReason ?? ''}/${status.id ?? ''}`
    const now = this.#shared.clock.now()
    if (label === this.#said && now - this.#saidAt < statusInterval) return
    this.#said = label
    this.#saidAt = now
    this.#shared.bus.say(this.#held.identity, status)
  }

  leave(how?: 'silently'): void {
    if (this.#held === null) return
    const { identity, release } = this.#held
    this.#held = null
    const status = this.status()
    this.#shared.bus.letGo(identity, how === 'silently' || !hasEnded(status) ? null : status)
    release()
  }

  command(command: TabCommand): void {
    this.#mirror?.command(command)
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

  /** The status that mirroring tabs receive. */
  status(): StatusMessage {
    const { id, file, snapshot } = this.#own.upload
    const { state, waitReason, progress, result } = snapshot
    return {
      id,
      name: file.name,
      state,
      progress,
      ...(waitReason !== undefined && { waitReason }),
      ...(result !== undefined && { result }),
    }
  }

  /** Runs a command from another tab. */
  run(command: TabCommand): void {
    const { upload } = this.#own
    // The other tab retries a cancel that fails.
    if (command === 'cancel') upload.cancel().catch(() => undefined)
    else upload[command]()
  }

  #mirrorOther(identity: string): void {
    const { bus, clock } = this.#shared
    const { name } = this.#own.upload.file
    this.#mirror = new TabMirror(bus, clock, identity, name, (status) => this.#own.heard(status))
  }

  async #keep(identity: string, release: () => void, signal: AbortSignal): Promise<void> {
    const mirror = this.#mirror
    await mirror?.settle()
    if (signal.aborted) {
      release()
      throw reasonOf(signal)
    }
    this.#held = { identity, release }
    this.#shared.bus.hold(identity, this)
    if (mirror !== null) this.#own.tookOver(mirror.isPaused)
    signal.throwIfAborted()
  }
}
