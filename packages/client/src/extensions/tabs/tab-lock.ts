import { reasonOf } from '../../async/clock.js'
import { hasEnded } from '../../core/state.js'
import type { Clock } from '../../ports.js'
import type { ContentLocks } from '../../upload/content-locks.js'
import type { LockHolder, TabBus } from './tab-bus.js'
import { TabMirror } from './tab-mirror.js'
import type { StatusMessage, TabCommand } from '../../upload/other-tabs.js'

/** Milliseconds between status messages about progress to other tabs. */
const statusInterval = 250

/** What the tabs of one browser share. */
export interface TabsShared {
  readonly locks: ContentLocks
  readonly bus: TabBus
  readonly clock: Clock
}

/** The upload that has the lock or will have it. */
export interface TabLockOwner extends LockHolder {
  /** Another tab, for which this one waits, said how its upload stands. */
  heard(status: StatusMessage): void
  /** The other tab is gone, and this one has the upload now. @param paused whether it stood still there */
  tookOver(paused: boolean): void
}

/**
 * One upload's lock on its content. It lasts over pauses until the upload has ended, so that in every tab it is one
 * and the same upload; while another tab has the lock, this one mirrors it.
 */
export class TabLock {
  readonly #shared: TabsShared
  readonly #owner: TabLockOwner
  #held: { readonly identity: string; readonly release: () => void } | null = null
  #mirror: TabMirror | null = null
  #saidAt = 0
  #said = ''

  constructor(shared: TabsShared, owner: TabLockOwner) {
    this.#shared = shared
    this.#owner = owner
  }

  /** What the tab that has the upload says of it; `null` while none has it, or none was heard. */
  get lastStatus(): StatusMessage | null {
    return this.#mirror?.lastStatus ?? null
  }

  /** Resolves once this upload has the lock. Rejects with the signal's reason when it is aborted first. */
  async take(
    identity: string,
    signal: AbortSignal,
    onWait: (reason: 'same-file' | 'other-tab') => void,
  ): Promise<void> {
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

  /** To the tab that has the upload. */
  command(command: TabCommand): void {
    this.#mirror?.command(command)
  }

  /** Tells other tabs how this upload stands: each new state at once, progress as often as listeners hear of it. */
  publish(): void {
    if (this.#held === null || !this.#shared.bus.isHeard(this.#held.identity)) return
    const status = this.#owner.status()
    // How it ended is said by leave(): not before the store has let go of what was cancelled.
    if (hasEnded(status)) return
    const label = `${status.state}/${status.waitReason ?? ''}/${status.id ?? ''}`
    const now = this.#shared.clock.now()
    if (label === this.#said && now - this.#saidAt < statusInterval) return
    this.#said = label
    this.#saidAt = now
    this.#shared.bus.say(this.#held.identity, status)
  }

  /** Says how it ended, unless `silently`, and lets the next one have it. */
  leave(how?: 'silently'): void {
    if (this.#held === null) return
    const { identity, release } = this.#held
    this.#held = null
    const status = this.#owner.status()
    this.#shared.bus.letGo(identity, how === 'silently' || !hasEnded(status) ? null : status)
    release()
  }

  #mirrorOther(identity: string): void {
    const { bus, clock } = this.#shared
    const { name = '' } = this.#owner.status()
    this.#mirror = new TabMirror(bus, clock, identity, name, (status) => this.#owner.heard(status))
  }

  async #keep(identity: string, release: () => void, signal: AbortSignal): Promise<void> {
    const mirror = this.#mirror
    await mirror?.settle()
    if (signal.aborted) {
      release()
      throw reasonOf(signal)
    }
    this.#held = { identity, release }
    this.#shared.bus.hold(identity, this.#owner)
    if (mirror !== null) this.#owner.tookOver(mirror.isPaused)
    signal.throwIfAborted()
  }
}
