import { Semaphore } from '../async/semaphore.js'
import type { TabLocks } from '../ports.js'

/**
 * Allows one upload per content at a time: within this page first come, first served, across tabs by {@link TabLocks}.
 * So two picks of the same content become two objects, one after the other, and never write into the same upload.
 */
export class ContentLocks {
  readonly #tabs: TabLocks
  /** Holder and waiters within this page, by fingerprint. */
  readonly #semaphores = new Map<string, Semaphore>()

  constructor(tabs: TabLocks) {
    this.#tabs = tabs
  }

  /** Resolves with a function that releases the lock. Rejects with the signal's reason when it is aborted first. */
  async acquire(
    identity: string,
    signal: AbortSignal,
    onWait: (reason: 'same-file' | 'other-tab') => void,
  ): Promise<() => void> {
    const leavePage = await this.#enter(identity, signal, () => onWait('same-file'))
    try {
      const leaveTabs = await this.#tabs.acquire(`carryon:${identity}`, signal, () => onWait('other-tab'))
      return () => {
        leaveTabs()
        leavePage()
      }
    } catch (error) {
      leavePage()
      throw error
    }
  }

  async #enter(identity: string, signal: AbortSignal, onWait: () => void): Promise<() => void> {
    const places = this.#semaphores.get(identity) ?? new Semaphore(1)
    this.#semaphores.set(identity, places)
    const leave = await places.acquire(signal, onWait)
    return () => {
      leave()
      if (places.isFree) this.#semaphores.delete(identity)
    }
  }
}
