import { Semaphore } from '../async/semaphore.js'
import type { TabLocks } from '../ports.js'

/**
 * One upload of a content at a time: in this page in the order of asking, across tabs by {@link TabLocks}. Two
 * picks of the same content so become two objects, one after the other, and never write into one upload.
 */
export class ContentLocks {
  readonly #tabs: TabLocks
  /** Who has the identity in this page, and who waits for it. */
  readonly #semaphores = new Map<string, Semaphore>()

  constructor(tabs: TabLocks) {
    this.#tabs = tabs
  }

  /** Resolves with the way to release. Rejects with the signal's reason when it is aborted first. */
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
